import { configDefaults, defineConfig } from 'vitest/config'

/**
 * What starts many processes, waits for people's times or breaks servers is in files of its own, `*.long.test.ts`, so
 * that everybody's tests stay quick; `npm run test:long` runs those.
 */
const isLong = process.env['VITRINE_TEST_LONG'] === '1'

export default defineConfig({
  test: {
    include: [isLong ? 'test/**/*.long.test.ts' : 'test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isLong ? [] : ['test/**/*.long.test.ts'])],
    globalSetup: [
      'test/support/embedded-postgres.ts',
      'test/support/missing-servers.ts',
      'test/support/own-state.ts',
      'test/support/long-tests.ts',
    ],
    server: { deps: { external: [/\/dist\//] } },
    // Not threads of one process: the larger it is, the longer it stands still for each process that it starts.
    pool: 'forks',
    isolate: false,
    // Most tests wait for processes of their own: more at a time than there are cores, and each loads all of it once.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
