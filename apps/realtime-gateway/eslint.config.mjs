import * as jsoncParser from 'jsonc-eslint-parser';
import baseConfig from '../../eslint.config.mjs';

export default [
  ...baseConfig,
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
            '{projectRoot}/src/**/*.{spec,fixture}.ts',
          ],
          // The rule compares with the root's lru-cache, an older one of Babel's; this app has its own beside it.
          ignoredDependencies: ['tslib', 'lru-cache'],
        },
      ],
    },
  },
];
