// The first thing that `npm start`, `npm run dev`, `npm test` and `npm run bench` run. Plain JavaScript with
// nothing but Node: on a fresh clone nothing is installed yet. It installs, then hands over to src/main.ts.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { markInstalled, readInstallState } from './install-state.mjs';
import { aptInstall, findProgram, findRabbit, hasApt } from './system-packages.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Parley needs Node 20.19 or newer; this is ${process.versions.node}. Install it from nodejs.org.`);
  process.exit(1);
}

// npm passes SIGTERM on to a shell, which dies of it and tells nobody: the end of that parent is our end too.
const parent = process.ppid;
const root = join(import.meta.dirname, '../..');
process.chdir(root);
const [command = '', ...args] = process.argv.slice(2);

const state = readInstallState(root);
if (state === 'install') {
  const [failure] = await Promise.all([installPackages(), installPrograms()]);
  if (failure !== undefined) {
    console.error(failure);
    process.exit(1);
  }
}
if (state !== 'ready') markInstalled(root);

// In this very process: one less to start, and one less between a signal and those who must hear it.
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./src/main.ts');
process.exit(await main(command, args));

/** Runs `npm ci`; gives undefined, or the end of what it said when it failed. */
function installPackages() {
  const began = Date.now();
  const say = () => {
    const line = `Installing packages (npm ci) … ${Math.round((Date.now() - began) / 1000)} s`;
    process.stdout.write(process.stdout.isTTY ? `\r${line}` : `${line}\n`);
  };
  say();
  const timer = setInterval(say, process.stdout.isTTY ? 1000 : 15_000);
  return new Promise((resolve) => {
    // NODE_ENV=production must not leave out the tools that build: `--include=dev`.
    const child = spawn('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--prefer-offline'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
    });
    let said = '';
    const keep = (chunk) => (said = (said + chunk).slice(-8000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => keep(`npm could not be run: ${error.message}\n`));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => child.kill(signal));
    const orphan = setInterval(() => process.ppid !== parent && process.env.npm_lifecycle_event && child.kill(), 500);
    child.on('close', (code) => {
      clearInterval(timer);
      clearInterval(orphan);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
      say();
      if (process.stdout.isTTY) process.stdout.write('\n');
      resolve(code === 0 ? undefined : `npm ci failed:\n${said.trim().split('\n').slice(-30).join('\n')}`);
    });
  });
}

/** What will be missing later, installed while npm works. A failure is told later, by whoever needs the program. */
async function installPrograms() {
  if (!hasApt()) return;
  const { REDIS_URL: redis, RABBITMQ_URL: rabbit } = process.env;
  const docker = args.includes('--docker');
  const wanted = [
    ...(!docker && !redis && !findProgram('redis-server') ? ['redis-server'] : []),
    ...(!docker && !rabbit && !findRabbit() ? ['rabbitmq-server'] : []),
    ...(command === 'test' && !hasBrowser() ? ['chromium'] : []),
  ];
  if (wanted.length > 0) await aptInstall(wanted);
}

function hasBrowser() {
  const own = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache/ms-playwright');
  const hasOwn = existsSync(own) && readdirSync(own).some((name) => name.startsWith('chromium'));
  return hasOwn || existsSync('/usr/bin/chromium');
}
