import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/bench', root: import.meta.dirname });
