// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkify } from './linkify.ts';

const PIECES = [
  'https://a.b/c?d#e',
  'www.a.b',
  'http://[::1]',
  'https://a.b).',
  'javascript:x',
  '(',
  '\n',
  '"',
  '<https://a.b>',
];
const links = (text: string) => linkify(text).flatMap((part) => (part.kind === 'link' ? [part.href] : []));

describe('linkify', () => {
  it('finds addresses, without the punctuation around them', () => {
    expect(links('see https://example.org/a_(b)?c=d#e, or www.example.com.')).toEqual([
      'https://example.org/a_(b)?c=d#e',
      'https://www.example.com/',
    ]);
    expect(links('(https://example.org/x)')).toEqual(['https://example.org/x']);
  });

  it('makes no link of what could run or is no address', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'https://', 'http://x', 'www.', 'example.org']) {
      expect(links(text)).toEqual([]);
    }
  });

  it('changes no text, and links to the web only', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...PIECES)), { maxLength: 12 }), (pieces) => {
        const text = pieces.join(' ');
        const parts = linkify(text);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        for (const href of links(text)) expect(href).toMatch(/^https?:\/\//);
      }),
    );
  });
});
