import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/testing', root: import.meta.dirname });
