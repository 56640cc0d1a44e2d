import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/chat-api', root: import.meta.dirname });
