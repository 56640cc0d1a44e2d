import { S3Error } from './errors.ts';

export type XmlNode = { name: string; children: XmlNode[]; text: string };

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const DEPTH_MAX = 8;

/** One element with text, escaped, or with elements made by this function before. */
export function element(name: string, content: string | number | boolean | string[]): string {
  const inner = Array.isArray(content)
    ? content.join('')
    : String(content).replace(/[&<>"\r]/g, (sign) => ESCAPES[sign] ?? sign);
  return `<${name}>${inner}</${name}>`;
}

/** A whole document in the namespace of the S3 API. */
export const xmlDocument = (root: string, elements: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n` +
  `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${elements.join('')}</${root}>`;

const TOKEN = /<\?xml[^<>]*\?>|<!--[^]*?-->|<(\/?)([A-Za-z][\w.:-]*)((?:\s[^<>]*?)?)(\/?)>|([^<>]+)/y;

/**
 * Reads the small documents that requests carry. No document types, no entities but XML's own, no CDATA.
 * @throws S3Error MalformedXML
 */
export function parseXml(source: string): XmlNode {
  const top: XmlNode = { name: '', children: [], text: '' };
  const open = [top];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < source.length; ) {
    const match = TOKEN.exec(source);
    const current = open.at(-1);
    if (!match || !current) throw malformed();
    const [, closing, name, , empty, text] = match;
    if (text !== undefined) {
      current.text += unescape(text);
    } else if (closing) {
      if (current === top || current.name !== name) throw malformed();
      open.pop();
    } else if (name !== undefined) {
      const node: XmlNode = { name, children: [], text: '' };
      current.children.push(node);
      if (!empty) open.push(node);
      if (open.length > DEPTH_MAX) throw malformed();
    }
  }
  const [root] = top.children;
  if (open.length > 1 || !root || top.children.length > 1 || top.text.trim() !== '') throw malformed();
  return root;
}

export const childrenOf = (node: XmlNode, name: string): XmlNode[] =>
  node.children.filter((child) => child.name === name);

export const textOf = (node: XmlNode, name: string): string | undefined => childrenOf(node, name)[0]?.text;

export const malformed = (): S3Error =>
  new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our schema.');

function unescape(text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, entity: string) => {
    const named = ENTITIES[entity];
    if (whole.endsWith(';') && named !== undefined) return named;
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(entity) ?? [];
    const code = hex === undefined ? Number(decimal ?? NaN) : Number.parseInt(hex, 16);
    if (!whole.endsWith(';') || !(code > 0 && code <= 0x10ffff)) throw malformed();
    return String.fromCodePoint(code);
  });
}
