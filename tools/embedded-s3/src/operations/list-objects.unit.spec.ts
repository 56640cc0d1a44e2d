import { expect, it } from 'vitest';
import fc from 'fast-check';
import { pageOf } from './list-objects.ts';

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

it('tells everything once, in order, whatever the size of the pages', () => {
  const keys = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '😀'), minLength: 1, maxLength: 6 }),
  );
  fc.assert(
    fc.property(
      keys,
      fc.constantFrom('', '/', 'b/'),
      fc.constantFrom('', 'a', 'a/'),
      fc.integer({ min: 1, max: 4 }),
      (all, delimiter, prefix, max) => {
        const sorted = all.filter((key) => key.startsWith(prefix)).sort(byBytes);
        const told: string[] = [];
        for (let after: string | undefined = ''; after !== undefined; ) {
          const page = pageOf(sorted, { prefix, delimiter, after, max });
          expect(page.keys.length + page.prefixes.length).toBeLessThanOrEqual(max);
          told.push(...[...page.keys, ...page.prefixes].sort(byBytes));
          after = page.next;
        }
        const folded = sorted.map((key) => {
          const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
          return end === -1 ? key : key.slice(0, end + delimiter.length);
        });
        expect(told).toEqual([...new Set(folded)]);
      },
    ),
  );
});
