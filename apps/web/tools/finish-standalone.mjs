/**
 * Completes what `next build` leaves beside the standalone server: it copies neither the static files nor `public`,
 * but does copy `.env` files, which must not travel with a build. Afterwards `.next/standalone` runs on its own:
 * `node .next/standalone/apps/web/server.js`.
 */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..');
const server = join(project, '.next', 'standalone', 'apps', 'web');

if (!existsSync(join(server, 'server.js'))) throw new Error(`next build left no server.js in ${server}`);
cpSync(join(project, '.next', 'static'), join(server, '.next', 'static'), { recursive: true });
if (existsSync(join(project, 'public'))) cpSync(join(project, 'public'), join(server, 'public'), { recursive: true });
for (const name of readdirSync(server)) if (name.startsWith('.env')) rmSync(join(server, name));
