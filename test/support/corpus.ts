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

export const readCorpus = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8')

export const readLines = <Line>(name: string): Line[] =>
  readCorpus(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
