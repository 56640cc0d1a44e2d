import { S3Error, notImplemented } from '../errors.ts';
import type { S3Request } from '../request.ts';
import { canonicalRequest, isSame, sha256, sign, signingKey } from './signature.ts';
import type { Signing } from './signature.ts';

/** How a body proves that it is the one that was meant. */
export type Payload =
  | { kind: 'unsigned' }
  | { kind: 'hashed'; sha256: string }
  /** aws-chunked: framed, each chunk signed or not, checksums after the last one or not. */
  | { kind: 'chunked'; signed: boolean; trailer: boolean };

export type Authenticated = { payload: Payload; signing: Signing; signature: string };

export type Account = { accessKey: string; secretKey: string; region: string };

type Claim = {
  credential: string;
  signedHeaders: string;
  signature: string;
  at: string;
  payloadHash: string;
  malformed: 'AuthorizationHeaderMalformed' | 'AuthorizationQueryParametersError';
};

const ALGORITHM = 'AWS4-HMAC-SHA256';
const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const SKEW_MAX_MS = 15 * 60_000;
const EXPIRES_MAX_S = 7 * 24 * 3600;
const CHUNKED: Record<string, Payload> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { kind: 'chunked', signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { kind: 'chunked', signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { kind: 'chunked', signed: false, trailer: true },
};

/**
 * Verifies AWS Signature Version 4 in the Authorization header or in the query (a presigned URL).
 * @param now milliseconds since 1970
 * @throws S3Error for everything that is not signed as it has to be
 */
export function authenticate(request: S3Request, account: Account, now: number): Authenticated {
  const isPresigned = request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Signature');
  const header = request.headers.get('authorization');
  if (header === undefined && !isPresigned) throw new S3Error('AccessDenied', 'Anonymous access is refused');
  if (header !== undefined && isPresigned)
    throw new S3Error('InvalidRequest', 'Only one auth mechanism allowed: a header or the query');
  if (request.amz.has('x-amz-security-token'))
    throw new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.');

  const claim = header === undefined ? claimOfQuery(request) : claimOfHeader(request, header);
  const signing = signingOf(claim, account);
  checkTime(request, claim, now, isPresigned);
  const signedHeaders = checkSignedHeaders(request, claim);
  const canonical = canonicalRequest(request, signedHeaders, claim.payloadHash);
  const expected = sign(signing, ALGORITHM, [sha256(Buffer.from(canonical, 'latin1'))]);
  if (!isSame(expected, claim.signature)) throw mismatch();
  return { payload: payloadOf(claim.payloadHash), signing, signature: claim.signature };
}

const mismatch = (): S3Error =>
  new S3Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );

function claimOfHeader(request: S3Request, header: string): Claim {
  const malformed = 'AuthorizationHeaderMalformed';
  if (!header.startsWith(`${ALGORITHM} `))
    throw new S3Error('InvalidRequest', `The authorization mechanism is not supported: use ${ALGORITHM}.`);
  const match = /^\S+ Credential=([^\s,]+), ?SignedHeaders=([^\s,]+), ?Signature=([0-9a-f]{64})$/.exec(header);
  const [, credential = '', signedHeaders = '', signature = ''] = match ?? [];
  if (!match) throw new S3Error(malformed, 'The authorization header you provided is invalid.');
  const payloadHash = request.headers.get('x-amz-content-sha256');
  if (payloadHash === undefined)
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  return { credential, signedHeaders, signature, at: request.headers.get('x-amz-date') ?? '', payloadHash, malformed };
}

function claimOfQuery(request: S3Request): Claim {
  const malformed = 'AuthorizationQueryParametersError';
  const parameter = (name: string): string => {
    const value = request.query.get(`X-Amz-${name}`);
    if (value === undefined) throw new S3Error(malformed, `The query parameter X-Amz-${name} is missing`);
    return value;
  };
  if (parameter('Algorithm') !== ALGORITHM)
    throw new S3Error(malformed, `X-Amz-Algorithm only supports "${ALGORITHM}"`);
  const signature = parameter('Signature');
  if (!/^[0-9a-f]{64}$/.test(signature)) throw mismatch();
  return {
    credential: parameter('Credential'),
    signedHeaders: parameter('SignedHeaders'),
    signature,
    at: parameter('Date'),
    payloadHash: request.amz.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
    malformed,
  };
}

function signingOf({ credential, at, malformed }: Claim, account: Account): Signing {
  const [accessKey, day = '', region, service, terminator, ...rest] = credential.split('/');
  const wrong = (what: string, details = {}) => new S3Error(malformed, `The credential is wrong: ${what}`, details);
  if (rest.length > 0 || terminator !== 'aws4_request') throw wrong('it has to end with aws4_request');
  if (accessKey !== account.accessKey)
    throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  if (service !== 's3') throw wrong('its service has to be s3');
  if (region !== account.region)
    throw wrong(`the region '${region ?? ''}' is wrong; expecting '${account.region}'`, { Region: account.region });
  if (at !== '' && !at.startsWith(day)) throw wrong('its date is not that of the request');
  const scope = `${day}/${account.region}/s3/aws4_request`;
  return { at, scope, key: signingKey(account.secretKey, scope) };
}

function checkTime(request: S3Request, { at, malformed }: Claim, now: number, isPresigned: boolean): void {
  const time = AMZ_DATE.test(at) ? Date.parse(at.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6Z')) : NaN;
  if (Number.isNaN(time)) throw new S3Error('AccessDenied', 'AWS authentication requires a valid x-amz-date');
  if (!isPresigned) {
    if (Math.abs(now - time) <= SKEW_MAX_MS) return;
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
  const given = request.query.get('X-Amz-Expires') ?? '';
  const expires = Number(given);
  if (!/^\d{1,7}$/.test(given) || expires < 1 || expires > EXPIRES_MAX_S)
    throw new S3Error(malformed, `X-Amz-Expires must be from 1 to ${EXPIRES_MAX_S} seconds`);
  if (time - now > SKEW_MAX_MS) throw new S3Error('AccessDenied', 'Request is not valid yet');
  if (now > time + expires * 1000) throw new S3Error('AccessDenied', 'Request has expired');
}

/** What decides what a request does must be signed: the host, and every `x-amz-*` header that is sent. */
function checkSignedHeaders(request: S3Request, claim: Claim): string[] {
  const names = claim.signedHeaders.split(';');
  const isSorted = names.every((name, n) => /^[a-z0-9-]+$/.test(name) && (n === 0 || (names[n - 1] ?? '') < name));
  if (!isSorted)
    throw new S3Error(claim.malformed, 'SignedHeaders have to be sorted, in lower case and each named once');
  const unsigned = [...request.headers.keys()].filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !names.includes(name),
  );
  if (unsigned.length > 0)
    throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
      HeadersNotSigned: unsigned.join(', '),
    });
  // A header that was signed and is not sent is a tampered request, even where its value would be empty.
  if (!names.includes('host') || names.some((name) => !request.headers.has(name))) throw mismatch();
  return names;
}

function payloadOf(hash: string): Payload {
  if (hash === 'UNSIGNED-PAYLOAD') return { kind: 'unsigned' };
  if (/^[0-9a-f]{64}$/.test(hash)) return { kind: 'hashed', sha256: hash };
  const chunked = CHUNKED[hash];
  if (chunked) return chunked;
  if (hash.startsWith('STREAMING-')) throw notImplemented(hash);
  throw new S3Error(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-... or a SHA-256 in hex',
  );
}
