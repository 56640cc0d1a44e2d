import type { Decimal128 } from 'bson';

/** A key part: the nearest double, and bytes that order the numbers which share that double. */
type NumberKey = { approximate: number; rest: Buffer };

type Rational = { top: bigint; bottom: bigint };

const FRACTION_BITS = 80n;
const EXACT = Buffer.from([0x80]);

/**
 * The order-preserving key of numbers that a double may not hold: int64 beyond 2^53 and decimals.
 * `rest` is 0x80 for an exact double, else 0x40/0xc0 and how far below/above it the number lies.
 */
export function decimalKey(value: Decimal128 | bigint): NumberKey {
  const text = value.toString();
  const approximate = Number(text);
  if (!Number.isFinite(approximate) && /^[+-]?(inf|nan)/i.test(text))
    return { approximate: special(text), rest: EXACT };
  const nearest = Number.isFinite(approximate) ? approximate : Math.sign(approximate) * Number.MAX_VALUE;
  const exact = typeof value === 'bigint' ? { top: value, bottom: 1n } : parse(text);
  const double = ofDouble(nearest);
  const difference = exact.top * double.bottom - double.top * exact.bottom;
  if (difference === 0n) return { approximate: nearest, rest: EXACT };
  if (nearest === 0 || nearest !== approximate) return { approximate: nearest, rest: outside(exact, difference > 0n) };
  const ulp = unitInLastPlace(nearest);
  const size = difference < 0n ? -difference : difference;
  // |difference| / ulp is at most one half: a fraction of 80 bits tells any two decimals apart.
  const steps = ((size * ulp.bottom) << FRACTION_BITS) / (exact.bottom * double.bottom * ulp.top);
  return { approximate: nearest, rest: signed(difference > 0n, 0, steps) };
}

function special(text: string): number {
  if (/nan/i.test(text)) return NaN;
  return text.startsWith('-') ? -Infinity : Infinity;
}

function parse(text: string): Rational {
  const [digits = '0', exponent = '0'] = text.toUpperCase().split('E');
  const [whole = '0', fraction = ''] = digits.split('.');
  const power = Number(exponent) - fraction.length;
  const top = BigInt(whole + fraction);
  return power >= 0 ? { top: top * 10n ** BigInt(power), bottom: 1n } : { top, bottom: 10n ** BigInt(-power) };
}

function ofDouble(v: number): Rational {
  let bottom = 1n;
  let top = v;
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  return { top: BigInt(top), bottom };
}

function unitInLastPlace(v: number): Rational {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(v))) - 52, -1074);
  return exponent >= 0 ? { top: 2n ** BigInt(exponent), bottom: 1n } : { top: 1n, bottom: 2n ** BigInt(-exponent) };
}

/** Decimals beyond the largest double or below the smallest: by magnitude. */
function outside({ top, bottom }: Rational, above: boolean): Buffer {
  const size = top < 0n ? -top : top;
  const shift = 25_000n;
  const scaled = (size << shift) / bottom;
  const bits = scaled.toString(2).length;
  const leading = scaled >> BigInt(Math.max(bits - 120, 0));
  return signed(above, bits, leading);
}

function signed(above: boolean, order: number, steps: bigint): Buffer {
  const out = Buffer.from(
    (above ? 'c0' : '40') + order.toString(16).padStart(6, '0') + steps.toString(16).padStart(32, '0'),
    'hex',
  );
  if (!above) for (let i = 1; i < out.length; i++) out[i] = ~(out[i] ?? 0);
  return out;
}
