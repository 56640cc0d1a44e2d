import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/domain', root: import.meta.dirname });
