import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createShutdown } from './shutdown.ts';

const logger = pino({ level: 'silent' });

describe('createShutdown', () => {
  it('ends the last first, once, and goes on after a step that fails', async () => {
    const shutdown = createShutdown({ logger });
    const ended: string[] = [];
    shutdown.add('mongo', () => void ended.push('mongo'));
    shutdown.add('relay', () => Promise.reject(new Error('stuck')));
    shutdown.add('http', async () => void ended.push('http'));
    await Promise.all([shutdown.run('test'), shutdown.run('test again')]);
    expect(ended).toEqual(['http', 'mongo']);
  });

  it.each([
    ['ends in time', '() => process.stdout.write("closed\\n")', 0],
    ['does not end', '() => new Promise(() => setInterval(() => {}, 1000))', 1],
  ])(
    'exits on SIGTERM when everything %s, after having survived a rejection',
    async (_what, step, code) => {
      const source = `
      import { createLogger, createMetrics, createShutdown } from './index.ts';
      const metrics = createMetrics({ service: 'demo' });
      const shutdown = createShutdown({ logger: createLogger({ service: 'demo' }), graceMs: 300, metrics });
      shutdown.add('step', ${step});
      shutdown.listen();
      setInterval(() => {}, 1000);
      Promise.reject(new Error('nobody cares'));
      setTimeout(async () => {
        process.stdout.write(await metrics.registry.getSingleMetricAsString('unhandled_rejections_total') + '\\nup\\n');
      }, 20);`;
      const args = ['--conditions=@parley/source', '--import', 'tsx', '--input-type=module', '--eval', source];
      const child = spawn(process.execPath, args, { cwd: import.meta.dirname });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
        if (output.includes('\nup\n')) child.kill('SIGTERM');
      });
      const [exitCode] = await once(child, 'exit');
      expect(output).toContain('unhandled_rejections_total{service="demo"} 1');
      expect(exitCode).toBe(code);
    },
    20_000,
  );
});
