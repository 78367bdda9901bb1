import type * as Engine from '@duckdb/node-api'
import { createRequire } from 'node:module'

/**
 * DuckDB, asked for as the CommonJS that it is: asked for as a module, Node looks for its names in 188 files first, which
 * takes a worker 140 ms of processor time.
 *
 * @throws Error `MODULE_NOT_FOUND` where it is not installed, as this file is loaded
 */
export const duckdb = createRequire(import.meta.url)('@duckdb/node-api') as typeof Engine
