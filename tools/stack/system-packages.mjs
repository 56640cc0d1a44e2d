// Plain JavaScript: it runs before anything is installed, beside `npm ci`.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SYSTEM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/bin',
];

/** The absolute path of a program on PATH or in a system folder; undefined when there is none. */
export function findProgram(name, path = process.env.PATH ?? '') {
  const files = [...path.split(delimiter), ...SYSTEM_FOLDERS].filter(Boolean).map((folder) => join(folder, name));
  return files.find(isExecutable);
}

/** Debian wraps rabbitmq-server in a script that changes the user; the program behind it does not. */
export function findRabbit() {
  const behind = '/usr/lib/rabbitmq/bin/rabbitmq-server';
  return existsSync(behind) ? behind : findProgram('rabbitmq-server');
}

/** Whether packages can be installed here: as root, with apt. */
export function hasApt() {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

let running = Promise.resolve();

/**
 * Installs Debian packages without starting their services. One call after another: apt takes locks.
 * @returns undefined when done, else the last lines of what apt said
 */
export function aptInstall(packages) {
  const next = running.then(async () => {
    // A repository that is away is no reason to stop: the package lists may be good enough.
    await apt(['update']);
    return apt(['install', '-y', '--no-install-recommends', ...packages]);
  });
  running = next.then(() => undefined);
  return next;
}

function apt(args) {
  return new Promise((resolve) => {
    const child = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
      env: { ...process.env, RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let tail = '';
    const keep = (chunk) => (tail = (tail + chunk).slice(-2000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : tail.trim().split('\n').slice(-5).join('\n')));
  });
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
