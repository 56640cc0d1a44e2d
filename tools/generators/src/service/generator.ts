import { formatFiles, generateFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { addReference, assertFree, assertName } from '../workspace';

export interface ServiceOptions {
  name: string;
  port?: number;
}

/**
 * Makes `apps/<name>`: an Express service with the family's edge (request ids, problem+json, health, metrics), one route that knows its
 * caller, a Dockerfile, and a test of that route as somebody signed in and as anonymous.
 * @throws Error when the name is taken or not in kebab-case
 */
export async function serviceGenerator(tree: Tree, { name, port = 5004 }: ServiceOptions): Promise<void> {
  assertName(name);
  const root = `apps/${name}`;
  assertFree(tree, root);
  generateFiles(tree, join(__dirname, 'files'), root, { name, port, dot: '.' });
  addReference(tree, root);
  await formatFiles(tree);
}

export default serviceGenerator;
