import react from '@vitejs/plugin-react';
import { mergeConfig } from 'vitest/config';
import { defineTierConfig } from '../../vitest.preset.mts';

export default mergeConfig(
  defineTierConfig({ name: '@parley/web', root: import.meta.dirname, environment: 'happy-dom' }),
  { plugins: [react()] },
);
