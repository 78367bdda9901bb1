import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { WhenDone } from '../../dist/testing/index.js'
import type { ServedSource } from '../../dist/tools/served-source.js'
import { type Change, noSignal, openTestSource } from './open.ts'
import { scratchFolder } from './scratch.ts'

/** Makes a database out of SQL, in a folder of its own unless a path is given. */
export async function makeDuckdb(
  sql: string,
  path: string = join(scratchFolder(), 'test.duckdb'),
): Promise<string> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run(sql)
  connection.closeSync()
  instance.closeSync()
  return path
}

/** A folder with files of the given content. */
export function makeFiles(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = scratchFolder()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** With its schema read, as a server does after the handshake; what fails there is told by the first question. */
export async function openDuckdb(
  path: string,
  change: Change = {},
  whenDone?: WhenDone,
): Promise<ServedSource> {
  const served = await openTestSource(path, { url: `duckdb:${path}`, ...change }, whenDone)
  await served.source.catalog(noSignal).catch(() => undefined)
  return served
}

/** Every file of a folder, with what is in it. */
export const folderState = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return entry.isFile() ? `${path} ${digest(path)}` : path
    })
    .toSorted()
    .join('\n')

const digest = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')
