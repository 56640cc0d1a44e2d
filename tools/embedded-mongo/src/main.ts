import { parseArgs } from 'node:util';
import { checkFolder, startEmbeddedMongo } from './server.ts';

const USAGE =
  'usage: embedded-mongo --port <port> (--data <folder> | --ephemeral) [--host 127.0.0.1] [--test-commands] [--check]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '27017' },
      data: { type: 'string' },
      host: { type: 'string' },
      ephemeral: { type: 'boolean', default: false },
      'test-commands': { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(USAGE);
  if (!values.data && !values.ephemeral) throw new Error(USAGE);
  const { data: dataDir, host, ephemeral } = values;
  if (values.check && dataDir) {
    checkFolder(dataDir);
    process.stdout.write(`every page of ${dataDir} can be read\n`);
    return;
  }
  const engine = await startEmbeddedMongo({
    port,
    ephemeral,
    testCommands: values['test-commands'],
    ...(dataDir ? { dataDir } : {}),
    ...(host ? { host } : {}),
  });
  process.stdout.write(
    `embedded-mongo listening on ${host ?? '127.0.0.1'}:${engine.port}, data in ${engine.dataDir}\n`,
  );
  const end = (): void => {
    engine.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

function fail(error: unknown): never {
  process.stderr.write(`embedded-mongo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

// lmdb rejects promises of its own when the disk fails it. What was acknowledged is on disk: as mongod does, end.
process.on('unhandledRejection', fail);
main().catch(fail);
