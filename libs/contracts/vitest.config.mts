import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/contracts', root: import.meta.dirname });
