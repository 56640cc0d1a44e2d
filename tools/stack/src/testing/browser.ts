import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { aptInstall, findProgram, hasApt } from '../../system-packages.mjs';
import { childEnv } from '../env.ts';
import { ROOT } from '../paths.ts';
import { StackError } from '../stack-error.ts';

const ASK = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
const WAYS = 'run `npx playwright install --with-deps chromium`, or install chromium (apt-get install chromium)';

/**
 * Makes sure that there is a browser for the end-to-end tests: Playwright's own, or the system's Chromium, by apt.
 * @throws StackError that says what to install
 */
export async function ensureBrowser(say: (text: string) => void): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', ASK], { cwd: ROOT, env: childEnv() });
  if (existsSync(stdout) || findProgram('chromium') !== undefined) return;
  if (!hasApt()) throw new StackError(`The end-to-end tests need Chromium: ${WAYS}.`);
  say('installing Chromium (apt-get install chromium)');
  const failure = await aptInstall(['chromium']);
  if (findProgram('chromium') === undefined) {
    throw new StackError(
      `The end-to-end tests need Chromium, and apt could not install it: ${WAYS}.\n${failure ?? ''}`,
    );
  }
}
