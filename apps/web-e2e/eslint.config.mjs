import playwright from 'eslint-plugin-playwright';
import baseConfig from '../../eslint.config.mjs';

export default [
  { ignores: ['test-output'] },
  ...baseConfig,
  { ...playwright.configs['flat/recommended'], files: ['src/**/*.e2e.spec.ts'] },
  {
    files: ['src/**/*.e2e.spec.ts'],
    rules: {
      // Helpers that assert count as assertions, and a loop over the same story in each size is meant.
      'playwright/expect-expect': ['error', { assertFunctionNames: ['expect', 'expectProblem', 'next'] }],
      'playwright/no-conditional-in-test': 'off',
    },
  },
  {
    // What only specs import is checked nowhere else: they run from the workspace.
    files: ['**/package.json'],
    rules: { '@nx/dependency-checks': 'off' },
  },
];
