// Plain JavaScript: it runs before anything is installed.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MARKER = 'node_modules/.parley-lock';

export function lockHash(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether every package that the lock file asks for lies in node_modules in that very version. */
export function isConsistent(lock, installed) {
  return Object.entries(lock.packages ?? {}).every(([path, wanted]) => {
    if (path === '' || !path.startsWith('node_modules/')) return true;
    const found = installed.packages?.[path];
    if (!found) return Boolean(wanted.optional || wanted.devOptional || wanted.peer);
    return wanted.link ? found.link === true : found.version === wanted.version;
  });
}

/**
 * What has to be done before a program of this clone can run: 'install' (run npm ci), 'mark' (a
 * developer's own install is complete: only note it), or 'ready'.
 */
export function decideInstall({ lockText, marker, installedText }) {
  if (installedText === undefined) return 'install';
  if (marker?.trim() === lockHash(lockText)) return 'ready';
  return isConsistent(JSON.parse(lockText), JSON.parse(installedText)) ? 'mark' : 'install';
}

export function readInstallState(root) {
  return decideInstall({
    lockText: readFileSync(join(root, 'package-lock.json'), 'utf8'),
    marker: readIfThere(join(root, MARKER)),
    installedText: readIfThere(join(root, 'node_modules/.package-lock.json')),
  });
}

export function markInstalled(root) {
  writeFileSync(join(root, MARKER), lockHash(readFileSync(join(root, 'package-lock.json'), 'utf8')) + '\n');
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
