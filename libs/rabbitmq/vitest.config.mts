import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/rabbitmq', root: import.meta.dirname });
