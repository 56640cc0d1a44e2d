import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/torture', root: import.meta.dirname, heavy: true });
