import { updateJson, type Tree } from '@nx/devkit';

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @throws Error when `name` isn't kebab-case */
export function assertName(name: string): void {
  if (!KEBAB_CASE.test(name)) throw new Error(`"${name}" is not kebab-case`);
}

/** @throws Error when there is something at `root` already */
export function assertFree(tree: Tree, root: string): void {
  if (tree.exists(root)) throw new Error(`${root} exists already`);
}

/** Adds the project to the solution's references, from where the typecheck target and editors find it. */
export function addReference(tree: Tree, root: string): void {
  updateJson<{ references?: { path: string }[] }>(tree, 'tsconfig.json', (config) => ({
    ...config,
    references: [...(config.references ?? []), { path: `./${root}` }],
  }));
}
