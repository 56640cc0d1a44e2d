import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/stack', root: import.meta.dirname, heavy: true });
