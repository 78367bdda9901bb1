import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SqliteJobStore } from '../../dist/jobs/sqlite-store.js'
import { testJobStore } from '../../dist/testing/index.js'
import { scratchFolder } from '../support/scratch.ts'

testJobStore({
  title: 'SQLite',
  async makePlace(options, whenDone) {
    const path = join(scratchFolder(whenDone), 'jobs.db')
    return async () => {
      const store = new SqliteJobStore({ ...options, path })
      whenDone(() => store.close())
      return store
    }
  },
})

test('the file, and what SQLite puts beside it, are for their owner alone', async () => {
  const path = join(scratchFolder(), 'state', 'vitrine', 'jobs.db')
  const store = new SqliteJobStore({ path, mostBytes: 1000 })
  await store.cancel('none')
  for (const file of [path, `${path}-wal`, `${path}-shm`])
    expect({ file, mode: statSync(file).mode & 0o777 }).toEqual({ file, mode: 0o600 })
  await store.close()
  await store.close()
})

test('where no file can be, that is told', () => {
  const path = join(scratchFolder(), 'jobs.db', '\0')
  expect(() => new SqliteJobStore({ path, mostBytes: 1000 })).toThrow(
    expect.objectContaining({ code: 'source_unavailable' }),
  )
})
