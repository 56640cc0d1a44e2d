import { defineConfig } from 'vitest/config';

// `npm test` runs every project in one Vitest process; `nx test <project>` runs one.
export default defineConfig({
  test: { projects: ['{apps,libs,tools}/*/vitest.config.mts'] },
});
