import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { generatePrivateKeyPem } from '@parley/auth-tokens';
import { describe, expect, it } from 'vitest';

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=@parley/source', '--import', 'tsx', 'main.ts'], {
    cwd: import.meta.dirname,
    env,
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += String(chunk)));
  child.stderr.on('data', (chunk) => (output.err += String(chunk)));
  return { child, output, exited: once(child, 'exit') as Promise<[number | null]> };
}

const production = {
  NODE_ENV: 'production',
  PORT: '0',
  MONGO_URI: 'mongodb://127.0.0.1:9',
  RABBITMQ_URL: 'amqp://parley:s3cret@127.0.0.1:9',
  REDIS_URL: 'redis://127.0.0.1:9',
  PUBLIC_ORIGINS: 'https://parley.example',
};

describe('the program', () => {
  it.each([
    ['no key', {}, 'JWT_PRIVATE_KEY: must be set in production'],
    ['a key that is none', { JWT_PRIVATE_KEY: 'changeme' }, 'JWT_PRIVATE_KEY: is no PKCS#8 PEM of a P-256 key'],
    ['the default password', { JWT_PRIVATE_KEY: 'k', RABBITMQ_URL: 'amqp://guest:guest@mq' }, 'RABBITMQ_URL: has the'],
  ])('refuses to start in production with %s, and says so (fault 31)', async (_what, change, reason) => {
    const { output, exited } = start({ ...production, ...change });
    expect((await exited)[0]).toBe(1);
    expect(output.err).toContain(reason);
    expect(output.out).not.toContain('listening');
  });

  it('starts in production with a key, even without engines, and ends in order on SIGTERM', async () => {
    const { child, output, exited } = start({ ...production, JWT_PRIVATE_KEY: await generatePrivateKeyPem() });
    await expect.poll(() => output.out, { timeout: 15_000 }).toContain('"listening"');
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(0);
    expect(output.out).toContain('"ended"');
  });
});
