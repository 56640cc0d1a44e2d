import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import * as jsoncParser from 'jsonc-eslint-parser';

const SPECS = ['**/*.spec.ts', '**/*.spec.tsx', '**/*.fixture.ts'];

/** The map of docs/ARCHITECTURE.md as a rule: imports run strictly downward, and apps never meet. */
const layers = (testing) => [
  { sourceTag: 'layer:0', onlyDependOnLibsWithTags: ['layer:0'] },
  { sourceTag: 'layer:1', onlyDependOnLibsWithTags: ['layer:0', ...testing] },
  { sourceTag: 'layer:2', onlyDependOnLibsWithTags: ['layer:0', 'layer:1', ...testing] },
  { sourceTag: 'layer:3', onlyDependOnLibsWithTags: ['layer:0', 'layer:1', 'layer:2'] },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: ['layer:0', 'layer:1', 'layer:2', ...testing] },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: ['layer:0', 'layer:1', 'layer:2', 'layer:3', 'layer:tool'] },
  { sourceTag: 'layer:e2e', onlyDependOnLibsWithTags: ['layer:0', 'layer:1', 'layer:2', 'layer:3', 'layer:tool'] },
  { sourceTag: 'platform:universal', onlyDependOnLibsWithTags: ['platform:universal'] },
  { sourceTag: 'platform:web', onlyDependOnLibsWithTags: ['platform:universal'] },
  { sourceTag: 'platform:node', onlyDependOnLibsWithTags: ['platform:node', 'platform:universal'] },
];

const boundaries = (testing) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: ['^.*/eslint\\.config\\.mjs$', '^.*/vitest\\.preset\\.mts$'],
    depConstraints: layers(testing),
  },
];

export default [
  ...nx.configs['flat/base'],
  ...nx.configs['flat/typescript'],
  ...nx.configs['flat/javascript'],
  {
    ignores: ['**/dist', '**/out-tsc', '**/.next', '**/.data', '**/test-output', '**/*.timestamp*', '**/next-env.d.ts'],
  },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.mjs'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Read the environment in an env.ts only: one zod-parsed place per program.',
        },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@nx/enforce-module-boundaries': boundaries([]),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // Specs may use the engines and factories of libs/testing; what ships may not.
    files: SPECS,
    rules: {
      '@nx/enforce-module-boundaries': boundaries(['layer:3']),
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['**/env.ts', '**/*.mts', '**/*.mjs'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/package.json'],
    languageOptions: { parser: jsoncParser },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          checkVersionMismatches: true,
          ignoredFiles: [
            '{projectRoot}/eslint.config.mjs',
            '{projectRoot}/vitest.config.mts',
            '{projectRoot}/src/**/*.{spec,fixture}.{ts,tsx}',
          ],
          ignoredDependencies: ['tslib'],
        },
      ],
    },
  },
  prettier,
];
