import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { onTestFinished } from 'vitest'
import type { WhenDone } from '../../dist/testing/index.js'

/** A folder that is gone when the test ends, or with `shared` its file. */
export function scratchFolder(whenDone: WhenDone = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-test-'))
  whenDone(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Makes a database out of SQL, in a folder of its own unless one is given. */
export function makeDatabase(sql: string, path: string = join(scratchFolder(), 'test.db')): string {
  const database = new DatabaseSync(path)
  // Nobody needs it after a loss of power.
  database.exec('PRAGMA synchronous = OFF')
  database.exec(sql)
  database.close()
  return path
}
