import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

describe('createLogger', () => {
  it('writes JSON lines with the service, and no secret at any of the depths that occur', () => {
    const source = `
      import { createLogger } from './index.ts';
      const logger = createLogger({ service: 'demo' });
      logger.debug('not at this level');
      logger.info({
        password: 'S1', body: { refreshToken: 'S2', identifier: 'ada' },
        req: { headers: { authorization: 'Bearer S3', cookie: 'S4' } }, res: { headers: { 'set-cookie': ['S5'] } },
      }, 'sign-in');`;
    const args = ['--conditions=@parley/source', '--import', 'tsx', '--input-type=module', '--eval', source];
    const { stdout } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' });
    const record = JSON.parse(stdout) as Record<string, unknown>;
    expect(record).toMatchObject({ level: 'info', service: 'demo', msg: 'sign-in', body: { identifier: 'ada' } });
    expect(stdout).not.toMatch(/S[1-5]/);
  }, 20_000);
});
