import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/embedded-mongo', root: import.meta.dirname });
