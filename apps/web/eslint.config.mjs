import nextEslintPluginNext from '@next/eslint-plugin-next';
import nx from '@nx/eslint-plugin';
import baseConfig from '../../eslint.config.mjs';

export default [
  { plugins: { '@next/next': nextEslintPluginNext } },
  ...nx.configs['flat/react-typescript'],
  ...baseConfig,
  {
    ignores: ['.next/**/*', '**/out-tsc'],
  },
  {
    // The font is imported by a stylesheet, and react-dom by Next.js: both are needed where this app runs, though no module of ours names them.
    files: ['**/package.json'],
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: ['{projectRoot}/*.config.{mjs,mts,ts}', '{projectRoot}/src/**/*.{spec,fixture}.{ts,tsx}'],
          ignoredDependencies: ['tslib', '@fontsource-variable/inter', '@fontsource/noto-color-emoji', 'react-dom'],
        },
      ],
    },
  },
];
