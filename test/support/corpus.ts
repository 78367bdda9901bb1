import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../shared/corpus', import.meta.url))

/** The shared corpus lies beside the project on its developers' machines; elsewhere our own suite stands alone. */
export const hasCorpus: boolean = existsSync(folder)
if (!hasCorpus)
  process.stdout.write('The shared corpus is not here: only the own suite of statements runs.\n')

export interface CorpusStatement {
  readonly id: string
  readonly sql: string
  readonly expect: 'reject' | 'allow' | 'bounded'
  readonly tags: readonly string[]
}

export interface GoldQuery {
  readonly id: string
  readonly db: string
  readonly sql: string
  readonly dialect: string
}

/** The tables of a database of Spider. */
export interface SpiderSchema {
  readonly db_id: string
  readonly table_names_original: readonly string[]
  readonly column_names_original: readonly (readonly [number, string])[]
}

/** The tables of a database of defog. */
export interface DefogSchema {
  readonly table_metadata: Readonly<
    Record<string, readonly { column_name: string; data_type: string }[]>
  >
}

export const readCorpus = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8')

export const readLines = <Line>(name: string): Line[] =>
  readCorpus(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
