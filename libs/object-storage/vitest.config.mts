import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/object-storage', root: import.meta.dirname });
