import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/http-server', root: import.meta.dirname });
