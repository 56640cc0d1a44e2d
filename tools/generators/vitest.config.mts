import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/generators', root: import.meta.dirname });
