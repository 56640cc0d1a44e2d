import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/auth-tokens', root: import.meta.dirname });
