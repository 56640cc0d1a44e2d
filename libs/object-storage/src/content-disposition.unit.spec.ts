import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contentDisposition } from './content-disposition.ts';

it('tells names in ASCII and exactly', () => {
  expect(contentDisposition({ type: 'inline' })).toBe('inline');
  expect(contentDisposition({ type: 'attachment', filename: "Büro (1)'s “x”.png" })).toBe(
    `attachment; filename="B_ro (1)'s _x_.png"; filename*=UTF-8''B%C3%BCro%20%281%29%27s%20%E2%80%9Cx%E2%80%9D.png`,
  );
  expect(contentDisposition({ type: 'attachment', filename: '../a"\r\nx: y' })).toBe(
    `attachment; filename=".._a___x: y"; filename*=UTF-8''.._a%22__x%3A%20y`,
  );
});

/** Any code point, surrogates without their other half among them, and often those that mean something in a header. */
const sign = fc.oneof(
  fc.constantFrom('"', '\\', '%', ';', '\r', '\n', "'", '(', '\0', '/'),
  fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
);

it('is one header value, whatever the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: sign }), (filename) => {
      const value = contentDisposition({ type: 'attachment', filename });
      expect(value).toMatch(/^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[A-Za-z0-9%._~!-]*$/);
    }),
  );
});
