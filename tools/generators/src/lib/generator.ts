import { formatFiles, generateFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { addReference, assertFree, assertName } from '../workspace';

export interface LibOptions {
  name: string;
  layer?: 0 | 1 | 2 | 3;
  platform?: 'universal' | 'node' | 'web';
}

/** Names that say nothing about what is inside; docs/ARCHITECTURE.md rules them out. */
const VAGUE_NAMES = ['common', 'core', 'helpers', 'misc', 'shared', 'utils'];

/**
 * Makes `libs/<name>` with the tags of its layer and platform, the family's TypeScript, ESLint and Vitest settings, and a test that passes.
 * @throws Error when the name is taken, vague or not in kebab-case
 */
export async function libGenerator(tree: Tree, { name, layer = 2, platform = 'node' }: LibOptions): Promise<void> {
  assertName(name);
  if (VAGUE_NAMES.includes(name)) throw new Error(`"${name}" doesn't say what the library is for`);
  const root = `libs/${name}`;
  assertFree(tree, root);
  generateFiles(tree, join(__dirname, 'files'), root, { name, layer, platform, fn: camelCase(name) });
  addReference(tree, root);
  await formatFiles(tree);
}

const camelCase = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

export default libGenerator;
