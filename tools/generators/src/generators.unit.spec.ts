import { readJson, writeJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { libGenerator } from './lib/generator';
import { serviceGenerator } from './service/generator';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  writeJson(tree, 'tsconfig.json', { files: [], references: [] });
});

/** Every file under `root`, with paths from there. */
function filesOf(root: string): string[] {
  return tree
    .listChanges()
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`${root}/`))
    .map((path) => path.slice(root.length + 1))
    .sort();
}

describe('lib', () => {
  it('makes a library with the tags of its layer and platform, known to the solution', async () => {
    await libGenerator(tree, { name: 'push-tokens', layer: 2, platform: 'node' });
    expect(readJson(tree, 'libs/push-tokens/package.json')).toMatchObject({
      name: '@parley/push-tokens',
      nx: { tags: ['layer:2', 'platform:node'] },
      exports: { '.': { '@parley/source': './src/index.ts' } },
    });
    expect(readJson(tree, 'tsconfig.json').references).toContainEqual({ path: './libs/push-tokens' });
    expect(tree.read('libs/push-tokens/src/push-tokens.unit.spec.ts', 'utf8')).toContain("pushTokens(' a ')");
    expect(filesOf('libs/push-tokens').some((path) => path.endsWith('.template'))).toBe(false);
  });

  it('gives universal code no Node types', async () => {
    await libGenerator(tree, { name: 'colours', layer: 0, platform: 'universal' });
    expect(readJson(tree, 'libs/colours/tsconfig.lib.json').compilerOptions.types).toEqual([]);
  });

  it.each([['utils'], ['Bad_Name'], ['../escape']])('refuses %s', async (name) => {
    await expect(libGenerator(tree, { name })).rejects.toThrow();
  });
});

describe('service', () => {
  it('makes a service with its port, its container and its test', async () => {
    await serviceGenerator(tree, { name: 'push-api', port: 5007 });
    expect(filesOf('apps/push-api')).toEqual(
      expect.arrayContaining([
        '.env.example',
        'Dockerfile',
        'package.json',
        'src/app.ts',
        'src/app.unit.spec.ts',
        'src/env.ts',
        'src/main.ts',
      ]),
    );
    expect(tree.read('apps/push-api/src/env.ts', 'utf8')).toContain('default(5007)');
    expect(readJson(tree, 'apps/push-api/package.json').nx.tags).toEqual(['layer:app', 'platform:node']);
    expect(readJson(tree, 'tsconfig.json').references).toContainEqual({ path: './apps/push-api' });
  });

  it('never overwrites one that is there', async () => {
    await serviceGenerator(tree, { name: 'push-api' });
    await expect(serviceGenerator(tree, { name: 'push-api' })).rejects.toThrow('exists already');
  });
});
