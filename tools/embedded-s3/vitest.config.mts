import { defineTierConfig } from '../../vitest.preset.mts';

export default defineTierConfig({ name: '@parley/embedded-s3', root: import.meta.dirname });
