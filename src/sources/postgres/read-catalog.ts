import { createHash } from 'node:crypto'
import type { Catalog } from '../catalog.ts'
import {
  builtinsSql,
  castsSql,
  checksSql,
  childrenSql,
  columnsSql,
  comparersSql,
  confineSql,
  enumsSql,
  functionsSql,
  generatedSql,
  indexesSql,
  keysSql,
  moduleSettingsSql,
  operatorsSql,
  plannedSql,
  policiesSql,
  relationsSql,
  searchersSql,
  sequencesSql,
  settingsSql,
  typeNamesSql,
  userTypesSql,
  visibleSql,
} from './catalog-sql.ts'
import { codeStateSql, relationStatesSql } from './judged-by.ts'
import { readFacts } from './read-facts.ts'
import { readTables } from './read-tables.ts'
import { type Row, toTypeNames, type TypeNames } from './type-names.ts'

const questions = {
  settings: settingsSql,
  visible: visibleSql,
  types: typeNamesSql,
  confine: confineSql,
  relations: relationsSql,
  columns: columnsSql,
  keys: keysSql,
  indexes: indexesSql,
  enums: enumsSql,
  builtins: builtinsSql,
  functions: functionsSql,
  operators: operatorsSql,
  casts: castsSql,
  checks: checksSql,
  comparers: comparersSql,
  userTypes: userTypesSql,
  children: childrenSql,
  generated: generatedSql,
  sequences: sequencesSql,
  policies: policiesSql,
  moduleSettings: moduleSettingsSql,
  planned: plannedSql,
  searchers: searchersSql,
  code: codeStateSql,
  states: relationStatesSql,
} as const

type Answers = Readonly<Record<keyof typeof questions, readonly Row[]>>

export interface CatalogReading {
  readonly catalog: Catalog
  readonly types: TypeNames
}

/**
 * Everything about the database in one state of it.
 *
 * @param ask runs several statements of ours in one round trip and gives the rows of each.
 */
export async function readCatalog(
  ask: (statements: readonly string[]) => Promise<readonly (readonly Row[])[]>,
): Promise<CatalogReading> {
  const results = await ask(Object.values(questions))
  const answers = Object.fromEntries(
    Object.keys(questions).map((name, index) => [name, results[index] ?? []]),
  ) as Answers
  const types = toTypeNames(answers.types)
  const tables = readTables(answers, types)
  return {
    types,
    catalog: {
      version: hashOf(results),
      engine: `PostgreSQL ${answers.settings[0]?.[0]?.split(' ')[0] ?? ''}`,
      tables: [...tables.values()],
      facts: readFacts(answers, tables),
    },
  }
}

/** Of every answer: what is not in it is not in the catalog either. */
function hashOf(results: readonly (readonly Row[])[]): string {
  const hash = createHash('sha1')
  for (const rows of results) for (const row of rows) hash.update(`${row.join('\u001f')}\n`)
  return hash.digest('base64url')
}
