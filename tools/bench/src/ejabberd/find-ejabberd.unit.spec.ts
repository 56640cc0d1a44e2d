import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findEjabberd, hasPostgresDriver, readSettings } from './find-ejabberd.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('findEjabberd', () => {
  it('says how to get it where it is not', () => {
    expect(findEjabberd(folder)).toMatch(/not installed.*apt-get install ejabberd/);
  });

  it('takes the settings of its script, quoted in any manner', () => {
    expect(
      readSettings(`# start\nERL="/usr/bin/erl"\nIEX=x\nERL_LIBS='/usr/lib/some where'\nexport ERL_LIBS\n`),
    ).toEqual({
      erl: '/usr/bin/erl',
      libs: '/usr/lib/some where',
    });
    expect(readSettings('ERL=/opt/erl\n')).toEqual({ erl: '/opt/erl', libs: '' });
  });

  it('prefers a folder that has all of PostgreSQL to one that has some', () => {
    writeFileSync(join(folder, 'ejabberdctl'), 'ERL=erl\n');
    writeFileSync(join(folder, 'initdb'), '');
    const found = findEjabberd(folder);
    if (typeof found === 'string') expect(found).toMatch(/^ejabberd: .*not compared/);
    else expect(found.postgres).not.toBe(folder);
  });

  it("knows Erlang's driver for PostgreSQL by its folder", () => {
    expect(['', join(folder, 'nowhere'), folder].map(hasPostgresDriver)).toEqual([false, false, false]);
    mkdirSync(join(folder, 'p1_pgsql-1.1.20'));
    expect(hasPostgresDriver(folder)).toBe(true);
  });
});
