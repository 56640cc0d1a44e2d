export { createAccessTokenStrategy, type StrategyOptions } from './access-token-strategy.ts';
export type { AccessClaims } from './claims.ts';
export { createKeySource, KeysUnavailableError, staticKeySource, type KeySource } from './key-source.ts';
export { createTokenIssuer, generatePrivateKeyPem, type Jwks, type TokenIssuer } from './token-issuer.ts';
export { verifyAccessToken } from './verify-access-token.ts';
