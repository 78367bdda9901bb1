import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    isolate: false,
    // Most tests wait for processes of their own: more at a time than there are cores.
    maxWorkers: 3,
    testTimeout: 30_000,
    // Time limits of real servers are among what is tested: on a busy machine one may be tried again.
    retry: process.env['CI'] === undefined ? 0 : 1,
    hookTimeout: 30_000,
  },
})
