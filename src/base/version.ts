import { createRequire } from 'node:module'

/** The package's own version, from package.json (two folders up from dist/base and src/base alike). */
export const version: string = (
  createRequire(import.meta.url)('../../package.json') as { version: string }
).version
