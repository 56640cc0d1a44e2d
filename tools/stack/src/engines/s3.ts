import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { reservePort } from '../ports.ts';
import { answersHttp } from '../probe.ts';
import type { Engine, EngineContext } from './engine.ts';
import { givenEngine } from './given.ts';
import { ownPassword } from './own-password.ts';
import { portNote } from './port-note.ts';

const EMBEDDED = join(ROOT, 'tools/embedded-s3');
const BUNDLE = join(EMBEDDED, 'dist/server/main.js');

/** The bucket and the login of our own endpoint; the secret where services are started by hand is that of their defaults. */
const OWN = { bucket: 'parley', region: 'us-east-1', accessKey: 'parley', knownSecretKey: 'parley-development' };

export async function findS3(context: EngineContext): Promise<Engine> {
  const { s3Endpoint, s3Bucket, s3Region, s3AccessKey, s3SecretKey } = context.env;
  const given = await givenEngine('s3', 'S3_ENDPOINT', s3Endpoint, context);
  const asGiven = s3Env({ bucket: s3Bucket, region: s3Region, accessKey: s3AccessKey, secretKey: s3SecretKey });
  if (given) return { ...given, env: asGiven };
  // A bucket without an endpoint is one at Amazon's.
  if (s3Endpoint === undefined && s3Bucket !== undefined)
    return { name: 's3', url: '', detail: `AWS, bucket ${s3Bucket}`, env: asGiven, programs: [] };

  const folder = join(context.dataDir, 'embedded-s3');
  mkdirSync(folder, { recursive: true });
  const reservation = await reservePort(context.port('s3'));
  const { port } = reservation;
  const url = `http://127.0.0.1:${port}`;
  const detail = `embedded, 127.0.0.1:${port}${portNote(reservation)}`;
  const secretKey = context.defaultLogins ? OWN.knownSecretKey : ownPassword(join(context.dataDir, 's3-login'));
  const env = s3Env({ ...OWN, secretKey });
  await context.bundled;
  const program =
    context.bundled !== undefined && existsSync(BUNDLE)
      ? [BUNDLE]
      : ['--conditions=@parley/source', '--import', 'tsx', join(EMBEDDED, 'src/main.ts')];
  return {
    name: 's3',
    url,
    detail,
    env,
    programs: [
      {
        name: 's3',
        group: 'engine',
        command: process.execPath,
        args: [...program, '--port', `${port}`, '--data', folder, '--region', OWN.region, '--bucket', OWN.bucket],
        env, // the keys are not for a list of processes
        cwd: ROOT,
        detail,
        prepare: reservation.release,
        // It says no to whoever doesn't sign.
        isReady: () => answersHttp(`${url}/`, (status) => status === 403),
      },
    ],
  };
}

/** What is known of these, as the environment of programs. */
function s3Env(o: Record<'bucket' | 'region' | 'accessKey' | 'secretKey', string | undefined>): Record<string, string> {
  const named = {
    S3_BUCKET_NAME: o.bucket,
    S3_REGION: o.region,
    S3_ACCESS_KEY: o.accessKey,
    S3_SECRET_KEY: o.secretKey,
  };
  return Object.fromEntries(Object.entries(named).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
