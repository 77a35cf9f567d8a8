import { defineConfig } from 'vitest/config'

/** Unit tests touch neither disk, database nor network; the others run on a real PostgreSQL and real sockets. */
export default defineConfig({
  test: {
    isolate: false,
    // Much of the time of these tests is waiting for a database, a browser or a simulated Apple.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/{apple-wire,core,cli,web,apps-books}/**/*.test.ts'],
          // Random inputs differ in how long the least is searched for.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'simulator', include: ['packages/apple-sim/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['packages/{server,api-client}/**/*.test.ts', 'scripts/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'stories',
          include: ['tests/stories/**/*.test.ts', 'bench/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: 'tests/browser/support/build-console.ts',
          testTimeout: 300_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
})
