import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/redis', root: import.meta.dirname });
