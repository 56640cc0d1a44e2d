import { parseArgs } from 'node:util';
import { readKeys } from './env.ts';
import { startEmbeddedS3 } from './server.ts';

const USAGE =
  'usage: embedded-s3 --port <port> (--data <folder> | --ephemeral) [--access-key <key> --secret-key <key>]' +
  ' [--region us-east-1] [--bucket <name>]... [--cors-origin <origin>]... [--host 127.0.0.1]\n' +
  'The keys may be in the environment instead: S3_ACCESS_KEY, S3_SECRET_KEY';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9200' },
      data: { type: 'string' },
      ephemeral: { type: 'boolean', default: false },
      host: { type: 'string' },
      'access-key': { type: 'string' },
      'secret-key': { type: 'string' },
      region: { type: 'string' },
      bucket: { type: 'string', multiple: true, default: [] },
      'cors-origin': { type: 'string', multiple: true, default: [] },
    },
  });
  const port = Number(values.port);
  const { data, host, region, ephemeral } = values;
  const keys = readKeys();
  const accessKey = values['access-key'] ?? keys.accessKey;
  const secretKey = values['secret-key'] ?? keys.secretKey;
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(USAGE);
  if ((!data && !ephemeral) || !accessKey || !secretKey) throw new Error(USAGE);
  const server = await startEmbeddedS3({
    port,
    ephemeral,
    accessKey,
    secretKey,
    buckets: values.bucket,
    corsOrigins: values['cors-origin'],
    ...(data ? { dataDir: data } : {}),
    ...(host ? { host } : {}),
    ...(region ? { region } : {}),
  });
  process.stdout.write(`embedded-s3 listening on ${server.endpoint}, data in ${server.dataDir}\n`);
  const end = (): void => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

function fail(error: unknown): never {
  process.stderr.write(`embedded-s3: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
