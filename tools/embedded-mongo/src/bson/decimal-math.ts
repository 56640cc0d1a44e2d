import { Decimal128, Double } from 'bson';

type Decimal = { digits: bigint; exponent: number };

/** Digits that a Decimal128 holds, and the largest exponent of its first digit. */
const PRECISION = 34;
const LARGEST = 6144;

/** Adds or multiplies numbers of which at least one is a Decimal128, as MongoDB does: exact, then rounded half to even. */
export function decimalArithmetic(op: 'add' | 'multiply', a: unknown, b: unknown): Decimal128 {
  const [x, y] = [textOf(a), textOf(b)];
  if (/[a-df-z]/i.test(x + y)) {
    const special = op === 'add' ? Number(x) + Number(y) : Number(x) * Number(y);
    return Decimal128.fromString(String(special));
  }
  const [p, q] = [parse(x), parse(y)];
  return round(op === 'add' ? add(p, q) : { digits: p.digits * q.digits, exponent: p.exponent + q.exponent });
}

/** A double counts with its 15 significant digits. */
function textOf(v: unknown): string {
  const double = v instanceof Double ? v.value : typeof v === 'number' && !Number.isInteger(v) ? v : undefined;
  return double === undefined ? String(v) : Number.isFinite(double) ? double.toPrecision(15) : String(double);
}

function parse(text: string): Decimal {
  const [number = '', exponent = '0'] = text.toUpperCase().split('E');
  const [whole = '', fraction = ''] = number.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (d: Decimal): bigint => d.digits * 10n ** BigInt(d.exponent - exponent);
  return { digits: scaled(a) + scaled(b), exponent };
}

function round({ digits, exponent }: Decimal): Decimal128 {
  const sign = digits < 0n ? '-' : '';
  let size = digits < 0n ? -digits : digits;
  const excess = size.toString().length - PRECISION;
  let shift = exponent;
  if (excess > 0) {
    const unit = 10n ** BigInt(excess);
    const rest = (size % unit) * 2n;
    size /= unit;
    if (rest > unit || (rest === unit && size % 2n === 1n)) size += 1n;
    shift += excess;
    if (size === 10n ** BigInt(PRECISION)) [size, shift] = [size / 10n, shift + 1];
  }
  if (size !== 0n && shift + size.toString().length - 1 > LARGEST) return Decimal128.fromString(`${sign}Infinity`);
  return Decimal128.fromString(`${sign}${size}E${shift}`);
}
