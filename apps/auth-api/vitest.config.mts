import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/auth-api', root: import.meta.dirname });
