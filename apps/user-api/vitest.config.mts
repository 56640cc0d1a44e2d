import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/user-api', root: import.meta.dirname });
