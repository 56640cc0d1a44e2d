import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { element, parseXml } from './xml.ts';

describe('parseXml', () => {
  it('reads what element writes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", ';', '\r', ' ', 'é', '😀', '#x41;', ']]>') }),
        (text) => {
          const root = parseXml(element('A', [element('B', text), element('C', [])]));
          expect(root.children.map(({ name, text: found }) => [name, found])).toEqual([
            ['B', text],
            ['C', ''],
          ]);
        },
      ),
    );
  });

  it('reads attributes away, comments, empty elements and character references', () => {
    const root = parseXml(
      '<?xml version="1.0"?>\n<!-- <no/> --><A xmlns="x"> <B/><C a="1" >&#65;&#x1F600;&apos;</C ></A>\n',
    );
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['B', ''],
      ['C', "A😀'"],
    ]);
  });

  it.each([
    '',
    ' ',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>text',
    '<a',
    '<a>&</a>',
    '<a>&no;</a>',
    '<a>&#0;</a>',
    '<a>&#x110000;</a>',
    '<!DOCTYPE a><a/>',
    '<a><![CDATA[x]]></a>',
    '<a>'.repeat(20),
  ])('refuses %j', (source) => expect(() => parseXml(source)).toThrow(/not well-formed/));
});
