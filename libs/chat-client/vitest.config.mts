import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/chat-client', root: import.meta.dirname });
