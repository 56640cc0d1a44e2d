import { createPrivateKey, sign } from 'node:crypto';
import { promisify } from 'node:util';

/** A distribution in front of the bucket that asks for signed URLs. */
export type CloudFront = {
  /** `d111111abcdef8.cloudfront.net`, or a name of yours that leads to it. */
  domain: string;
  /** The id of the public key in the distribution's trusted key group. */
  keyPairId: string;
  /** Its private half: RSA of 2048 bits, PEM. */
  privateKey: string;
};

export type CloudFrontSigner = (o: { key: string; query: Record<string, string>; expiresAt: Date }) => Promise<string>;

/** The one size of RSA that CloudFront takes. */
const BITS = 2048;
const signWithRsa = promisify(sign);

/**
 * Signs URLs of CloudFront with a canned policy: everything in front of `Expires`, the object's query too, until then. No request is
 * made. PKCS #1 v1.5 has no randomness in it, so whoever signs the same gets the same URL, in whatever process.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
 * @throws Error where the key can't be one of CloudFront's
 */
export function createCloudFrontSigner({ domain, keyPairId, privateKey }: CloudFront): CloudFrontSigner {
  const secret = readKey(privateKey);
  return async ({ key, query, expiresAt }) => {
    const path = key.split('/').map(encode).join('/');
    const own = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
    const resource = `https://${domain}/${path}${own.length === 0 ? '' : `?${own.join('&')}`}`;
    const seconds = Math.floor(expiresAt.getTime() / 1000);
    // As written there, without white space: CloudFront makes the same text of the URL that it gets.
    const policy = `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${seconds}}}}]}`;
    const signature = await signWithRsa('RSA-SHA1', Buffer.from(policy), secret);
    const added = [`Expires=${seconds}`, `Signature=${urlSafe(signature)}`, `Key-Pair-Id=${encode(keyPairId)}`];
    return `${resource}${own.length === 0 ? '?' : '&'}${added.join('&')}`;
  };
}

/** Whether a text is a private key that CloudFront's URLs can be signed with. */
export function isCloudFrontKey(pem: string): boolean {
  try {
    readKey(pem);
    return true;
  } catch {
    return false;
  }
}

function readKey(pem: string) {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'rsa' || key.asymmetricKeyDetails?.modulusLength !== BITS)
    throw new Error(`CloudFront takes RSA keys of ${BITS} bits`);
  return key;
}

/** More than a browser would encode, so that no browser changes anything of what was signed. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Base64 with the three signs that mean something in a URL replaced, as CloudFront wants it. */
const urlSafe = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
