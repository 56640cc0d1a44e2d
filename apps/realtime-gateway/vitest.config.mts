import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/realtime-gateway', root: import.meta.dirname });
