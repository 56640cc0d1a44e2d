import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/mongo', root: import.meta.dirname });
