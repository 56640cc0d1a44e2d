import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFolderInUse, lockFolder, OWNER_FILE } from './folder-lock.ts';

describe('lockFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'folder-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets one process work in a folder, and says who it is', () => {
    const unlock = lockFolder(folder);
    expect(isFolderInUse(folder)).toBe(true);
    expect(() => lockFolder(folder)).toThrow(`process ${process.pid}`);
    unlock();
    expect(isFolderInUse(folder)).toBe(false);
  });

  it.each([JSON.stringify({ pid: process.pid, started: 'before the last boot' }), '{"pid":'])(
    'takes over what a process held that is gone: %s',
    (owner) => {
      writeFileSync(join(folder, OWNER_FILE), owner);
      lockFolder(folder)();
    },
  );
});
