import {
  createTokenIssuer,
  generatePrivateKeyPem,
  staticKeySource,
  type KeySource,
  type TokenIssuer,
} from '@parley/auth-tokens';
import { HttpProblem } from '@parley/http-server';
import { DURABLE, isDuplicateKey } from '@parley/mongo';
import type { Collection } from 'mongodb';

export type SigningKeyDocument = { _id: string; privateKeyPem: string; createdAt: Date };

export type SigningKey = {
  isLoaded(): boolean;
  /** @throws HttpProblem `unavailable` before the key is loaded */
  issuer(): TokenIssuer;
  /** The same key for verifying. */
  keys: KeySource;
  load(privateKeyPem: string): Promise<void>;
};

const ONE_KEY = 'access-token';

/** The key that signs access tokens, which in development comes out of the database only once that is there. */
export function createSigningKey(names: { issuer: string; audience: string }): SigningKey {
  let loaded: { issuer: TokenIssuer; keys: KeySource } | undefined;
  const current = () => {
    if (!loaded) throw new HttpProblem('unavailable', undefined, { retryAfterSeconds: 1 });
    return loaded;
  };
  return {
    isLoaded: () => loaded !== undefined,
    issuer: () => current().issuer,
    keys: { get: async (kid) => current().keys.get(kid) },
    load: async (privateKeyPem) => {
      const issuer = await createTokenIssuer({ privateKeyPem, ...names });
      loaded = { issuer, keys: staticKeySource(issuer.jwks()) };
    },
  };
}

/** The key of this installation, made on the first start. Its fixed id lets several instances that start at once agree. */
export async function keptPrivateKey(collection: Collection<SigningKeyDocument>): Promise<string> {
  const kept = await collection.findOne({ _id: ONE_KEY });
  if (kept) return kept.privateKeyPem;
  try {
    const made = { _id: ONE_KEY, privateKeyPem: await generatePrivateKeyPem(), createdAt: new Date() };
    await collection.insertOne(made, { writeConcern: DURABLE });
    return made.privateKeyPem;
  } catch (error) {
    if (isDuplicateKey(error)) return keptPrivateKey(collection);
    throw error;
  }
}
