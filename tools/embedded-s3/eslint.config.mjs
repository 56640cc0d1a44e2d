import * as jsoncParser from 'jsonc-eslint-parser';
import baseConfig from '../../eslint.config.mjs';

const ignoredFiles = [
  '{projectRoot}/eslint.config.mjs',
  '{projectRoot}/vitest.config.mts',
  '{projectRoot}/src/test/**',
  '{projectRoot}/src/**/*.spec.ts',
];

export default [
  ...baseConfig,
  {
    // tsx is not imported: it runs src/main.ts where nothing is built.
    files: ['**/package.json'],
    languageOptions: { parser: jsoncParser },
    rules: {
      '@nx/dependency-checks': [
        'error',
        { checkVersionMismatches: true, ignoredFiles, ignoredDependencies: ['tsx', 'tslib'] },
      ],
    },
  },
];
