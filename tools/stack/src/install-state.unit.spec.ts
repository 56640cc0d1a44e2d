import { describe, expect, it } from 'vitest';
import { decideInstall, isConsistent, lockHash } from '../install-state.mjs';

const lock = {
  packages: {
    '': {},
    'apps/web': { version: '0.1.0' },
    'node_modules/@parley/web': { link: true },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/other-system': { version: '1.0.0', optional: true },
  },
};
const installed = {
  packages: { 'node_modules/@parley/web': { link: true }, 'node_modules/zod': { version: '4.6.7' } },
};
const lockText = JSON.stringify(lock);
const installedText = JSON.stringify(installed);

describe('what has to be installed', () => {
  it.each([
    ['nothing is there', { marker: undefined, installedText: undefined }, 'install'],
    [
      'node_modules was removed but for the marker',
      { marker: lockHash(lockText), installedText: undefined },
      'install',
    ],
    ['this lock file was installed', { marker: lockHash(lockText), installedText }, 'ready'],
    ['a developer installed by hand', { marker: undefined, installedText }, 'mark'],
    ['the lock file changed but not what it asks for', { marker: 'old', installedText }, 'mark'],
    [
      'the lock file asks for another version',
      { marker: 'old', installedText: installedText.replace('4.6.7', '4.6.6') },
      'install',
    ],
  ] as const)('%s', (_, state, expected) => {
    expect(decideInstall({ lockText, ...state })).toBe(expected);
  });

  it('misses a package and a link, but not what is for another system', () => {
    expect(isConsistent(lock, installed)).toBe(true);
    expect(isConsistent(lock, { packages: { 'node_modules/@parley/web': { link: true } } })).toBe(false);
    expect(
      isConsistent(lock, { packages: { ...installed.packages, 'node_modules/@parley/web': { version: '1' } } }),
    ).toBe(false);
  });
});
