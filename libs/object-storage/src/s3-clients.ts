import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Logger } from '@parley/service-kit';

/** Milliseconds of one attempt: to connect, until it is answered, and of silence in between. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 30_000, socketTimeout: 4_000 };
const ATTEMPTS = 3;
const SOCKETS = 32;

/**
 * Two clients of one bucket: one that talks, with checksums on everything, and one that only signs URLs, whose checksums
 * would be those of a body that isn't there yet.
 */
export function createClients(o: {
  region: string;
  endpoint?: string;
  publicEndpoint?: string;
  accessKey?: string;
  secretKey?: string;
  forcePathStyle?: boolean;
  logger: Logger;
}): { client: S3Client; signer: S3Client; close(): void } {
  const common = (endpoint: string | undefined): S3ClientConfig => ({
    region: o.region,
    forcePathStyle: o.forcePathStyle ?? endpoint !== undefined,
    logger: sdkLogger(o.logger),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(o.accessKey === undefined || o.secretKey === undefined
      ? {}
      : { credentials: { accessKeyId: o.accessKey, secretAccessKey: o.secretKey } }),
  });
  const client = new S3Client({
    ...common(o.endpoint),
    maxAttempts: ATTEMPTS,
    requestHandler: {
      ...TIMEOUTS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
  const signer = new S3Client({
    ...common(o.publicEndpoint ?? o.endpoint),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    client,
    signer,
    close: () => {
      client.destroy();
      signer.destroy();
    },
  };
}

/** The SDK tells every request at `info`, keys of objects among it, and prints warnings itself where it has no logger. */
function sdkLogger(logger: Logger) {
  const silent = (): void => undefined;
  return {
    trace: silent,
    debug: silent,
    info: silent,
    warn: (...said: unknown[]) => logger.debug({ said }, 'the S3 client warns'),
    error: silent, // what fails is thrown as well
  };
}
