import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/embedded-postgres.ts', 'test/support/own-state.ts'],
    pool: 'threads',
    isolate: false,
    // Most tests wait for processes of their own: more at a time than there are cores.
    maxWorkers: 4,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
