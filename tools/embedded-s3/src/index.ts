export type { EmbeddedS3, EmbeddedS3Options } from './server.ts';
export { startEmbeddedS3 } from './server.ts';
