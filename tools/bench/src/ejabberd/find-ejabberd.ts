import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readPath } from '../env.ts';

/** Where the programs of the rival are that the goals are set by, and of the database that keeps its archive. */
export type EjabberdPrograms = {
  erl: string;
  /** The folder of its code. */
  libs: string;
  /** ejabberd's own tables for PostgreSQL. */
  schema: string;
  /** The folder of `initdb`, `postgres` and `psql`. */
  postgres: string;
};

/** Where Debian puts Erlang's libraries, whatever ejabberd's script names besides. */
const ERLANG_LIBS = '/usr/lib/erlang/lib';
const POSTGRES_VERSIONS = '/usr/lib/postgresql';
const NEEDED = 'apt-get install ejabberd erlang-p1-pgsql postgresql';

/** @returns the programs, or a sentence that says what is missing */
export function findEjabberd(path = readPath()): EjabberdPrograms | string {
  const folders = path.split(delimiter);
  const script = folders.map((folder) => join(folder, 'ejabberdctl')).find((file) => existsSync(file));
  if (script === undefined) return `ejabberd: not installed, so not compared (${NEEDED})`;
  const settings = readSettings(readFileSync(script, 'utf8'));
  const postgres = [...versionsOf(POSTGRES_VERSIONS), ...folders].find((folder) =>
    ['initdb', 'postgres', 'psql'].every((program) => existsSync(join(folder, program))),
  );
  if (postgres === undefined) return `ejabberd: its archive needs PostgreSQL, so not compared (${NEEDED})`;
  // Without its driver ejabberd starts all the same, and archives nothing.
  const hasDriver = [...settings.libs.split(delimiter), ERLANG_LIBS].some(hasPostgresDriver);
  if (!hasDriver) return `ejabberd: its driver for PostgreSQL is not installed, so not compared (${NEEDED})`;
  const schema = [
    '/usr/share/ejabberd/sql/pg.sql',
    ...versionsOf(settings.libs).map((folder) => join(folder, '../priv/sql/pg.sql')),
  ].find((file) => existsSync(file));
  if (schema === undefined) return 'ejabberd: its tables for PostgreSQL (pg.sql) were not found, so not compared';
  return { ...settings, schema, postgres };
}

/** What ejabberd's own script starts Erlang with, which differs by distribution. */
export function readSettings(script: string): { erl: string; libs: string } {
  const setting = (name: string): string | undefined =>
    new RegExp(`^${name}=["']?([^"'\n]+)`, 'm').exec(script)?.[1]?.trim();
  return { erl: setting('ERL') ?? 'erl', libs: setting('ERL_LIBS') ?? '' };
}

/** Whether a folder of Erlang's libraries has p1_pgsql, with or without its version. */
export function hasPostgresDriver(folder: string): boolean {
  return folder !== '' && existsSync(folder) && readdirSync(folder).some((name) => /^p1_pgsql(-|$)/.test(name));
}

/** The `bin` folders of what is installed in several versions, the newest first. */
function versionsOf(folder: string): string[] {
  if (folder === '' || !existsSync(folder)) return [];
  const versions = readdirSync(folder).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
  return versions.map((version) => join(folder, version, 'bin'));
}
