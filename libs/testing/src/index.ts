export { auditQueries, wasteful, type AuditedQuery, type QueryAudit } from './audit-queries.ts';
export { createTestEngines, type EngineChoice, type TestEngines } from './create-test-engines.ts';
export { engineUrls, type EngineUrls, type S3Access } from './env.ts';
export { dropBucket } from './drop-bucket.ts';
export { eventually } from './eventually.ts';
export { newChatId, newClientMessageId, newSessionId, newUserId } from './ids.ts';
export { createTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { TEST_AUDIENCE, TEST_ISSUER, testIssuer, type TestIssuer } from './test-issuer.ts';
