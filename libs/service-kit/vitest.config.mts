import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/service-kit', root: import.meta.dirname });
