import { invalidArgument } from './errors.ts';
import { childrenOf, element, malformed, parseXml, textOf, xmlDocument } from './xml.ts';

export type CorsRule = {
  origins: string[];
  methods: string[];
  allowedHeaders: string[];
  exposeHeaders: string[];
  maxAgeSeconds?: number;
};

const METHODS = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD']);
const RULES_MAX = 100;

/** @throws S3Error MalformedXML, InvalidArgument */
export function parseCors(source: string): CorsRule[] {
  const root = parseXml(source);
  const nodes = childrenOf(root, 'CORSRule');
  if (root.name !== 'CORSConfiguration' || nodes.length === 0 || nodes.length > RULES_MAX) throw malformed();
  return nodes.map((node) => {
    const texts = (name: string): string[] => childrenOf(node, name).map(({ text }) => text);
    const rule: CorsRule = {
      origins: texts('AllowedOrigin'),
      methods: texts('AllowedMethod'),
      allowedHeaders: texts('AllowedHeader'),
      exposeHeaders: texts('ExposeHeader'),
    };
    const maxAge = textOf(node, 'MaxAgeSeconds');
    if (rule.origins.length === 0 || rule.methods.length === 0) throw malformed();
    if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge)) throw malformed();
    checkRule(rule);
    return maxAge === undefined ? rule : { ...rule, maxAgeSeconds: Number(maxAge) };
  });
}

/** @throws S3Error InvalidArgument */
export function checkRule(rule: CorsRule): void {
  for (const method of rule.methods)
    if (!METHODS.has(method)) throw invalidArgument(`Found unsupported HTTP method in CORS config: ${method}`);
  const patterns = [...rule.origins, ...rule.allowedHeaders];
  if (patterns.some((pattern) => pattern.split('*').length > 2))
    throw invalidArgument('AllowedOrigin and AllowedHeader can have one wildcard at most');
  if ([...patterns, ...rule.exposeHeaders].some((text) => !/^[\x21-\x7e]+$/.test(text)))
    throw invalidArgument('An origin or header of the CORS configuration is not valid');
}

export const corsDocument = (rules: readonly CorsRule[]): string =>
  xmlDocument(
    'CORSConfiguration',
    rules.map((rule) =>
      element('CORSRule', [
        ...rule.origins.map((text) => element('AllowedOrigin', text)),
        ...rule.methods.map((text) => element('AllowedMethod', text)),
        ...rule.allowedHeaders.map((text) => element('AllowedHeader', text)),
        ...rule.exposeHeaders.map((text) => element('ExposeHeader', text)),
        ...(rule.maxAgeSeconds === undefined ? [] : [element('MaxAgeSeconds', rule.maxAgeSeconds)]),
      ]),
    ),
  );

/**
 * The headers that let a page of `origin` see an answer; undefined where no rule lets it.
 * @param o.requestHeaders what a preflight asks for; undefined for the request itself
 */
export function corsHeaders(
  rules: readonly CorsRule[],
  o: { origin: string; method: string; requestHeaders?: string[] },
): Record<string, string> | undefined {
  const asked = o.requestHeaders ?? [];
  const rule = rules.find(
    ({ origins, methods, allowedHeaders }) =>
      methods.includes(o.method) &&
      origins.some((pattern) => matches(pattern, o.origin)) &&
      asked.every((name) => allowedHeaders.some((pattern) => matches(pattern.toLowerCase(), name.toLowerCase()))),
  );
  if (!rule) return undefined;
  const isForAll = rule.origins.includes('*');
  return {
    'access-control-allow-origin': isForAll ? '*' : o.origin,
    'access-control-allow-methods': rule.methods.join(', '),
    ...(isForAll ? {} : { 'access-control-allow-credentials': 'true' }),
    ...(asked.length > 0 ? { 'access-control-allow-headers': asked.join(', ') } : {}),
    ...(rule.exposeHeaders.length > 0 ? { 'access-control-expose-headers': rule.exposeHeaders.join(', ') } : {}),
    ...(o.requestHeaders && rule.maxAgeSeconds !== undefined
      ? { 'access-control-max-age': String(rule.maxAgeSeconds) }
      : {}),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function matches(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === text;
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}
