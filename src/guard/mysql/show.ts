import { AppError } from '../../base/error.ts'
import type { TableReference } from './references.ts'
import { isName, isSymbol, isWord, type Token } from './tokens.ts'

/** What a SHOW or DESCRIBE tells of. */
export interface Telling {
  /** The table it describes; undefined where it is about the server or the whole database. */
  readonly table: TableReference | undefined
  /** `any`: harmless always; `whole`: tells of everything, also of what is closed; `definition`: of what a table is made of. */
  readonly about: 'any' | 'whole' | 'columns' | 'definition' | 'variables'
  /** The database behind FROM, where one is named. */
  readonly schema: string | undefined
  /** LIKE or WHERE and what follows: an expression. */
  readonly rest: readonly Token[]
}

const modifiers = ['FULL', 'EXTENDED', 'GLOBAL', 'SESSION', 'LOCAL', 'STORAGE']

/** By their first word, or two; everything else that SHOW knows tells of users, files or other people's work. */
const nouns: Readonly<Record<string, Telling['about']>> = {
  TABLES: 'whole',
  'TABLE STATUS': 'whole',
  TRIGGERS: 'whole',
  EVENTS: 'whole',
  DATABASES: 'whole',
  SCHEMAS: 'whole',
  STATUS: 'whole',
  'FUNCTION STATUS': 'whole',
  'PROCEDURE STATUS': 'whole',
  'PACKAGE STATUS': 'whole',
  VARIABLES: 'variables',
  COLUMNS: 'columns',
  FIELDS: 'columns',
  INDEX: 'columns',
  INDEXES: 'columns',
  KEYS: 'columns',
  'CREATE TABLE': 'definition',
  'CREATE VIEW': 'definition',
  'CREATE SEQUENCE': 'definition',
  'CREATE DATABASE': 'whole',
  'CREATE SCHEMA': 'whole',
  'CREATE FUNCTION': 'whole',
  'CREATE PROCEDURE': 'whole',
  'CREATE TRIGGER': 'whole',
  'CREATE EVENT': 'whole',
  COUNT: 'any',
  WARNINGS: 'any',
  ERRORS: 'any',
  ENGINES: 'any',
  COLLATION: 'any',
  CHARSET: 'any',
  'CHARACTER SET': 'any',
  PRIVILEGES: 'any',
  PLUGINS: 'any',
  AUTHORS: 'any',
  CONTRIBUTORS: 'any',
}

/** Reads `SHOW …`. */
export function readShow(tokens: readonly Token[]): Telling {
  let at = 1
  while (isWord(tokens[at], ...modifiers)) at++
  const one = tokens[at]?.upper ?? ''
  const two = `${one} ${tokens[at + 1]?.upper ?? ''}`
  const about = nouns[two] ?? nouns[one]
  if (about === undefined) {
    throw new AppError('statement_refused', `SHOW ${one || '…'} may not be used here.`, {
      hint: 'SHOW TABLES, SHOW COLUMNS FROM t, SHOW INDEX FROM t and SHOW CREATE TABLE t work; or call get_schema.',
    })
  }
  at += nouns[two] === undefined ? 1 : 2
  if (isWord(tokens[at], 'IF') && isWord(tokens[at + 1], 'NOT')) at += 3
  const isOfTable = about === 'columns' || about === 'definition'
  if (isOfTable) return readOfTable(tokens.slice(at), about)
  const { name, rest } = readPlace(tokens.slice(at), about === 'whole' && one === 'CREATE')
  const isOfDatabase = one !== 'CREATE' || /DATABASE|SCHEMA/.test(two)
  return { table: undefined, about, schema: isOfDatabase ? name?.name : name?.schema, rest }
}

function readOfTable(tokens: readonly Token[], about: 'columns' | 'definition'): Telling {
  const { name, rest } = readPlace(tokens, about === 'definition')
  if (name === undefined) throw new AppError('syntax_error', 'SHOW does not say of which table.')
  const database = readPlace(rest, false)
  // As the server: the database behind the last FROM, whatever stands before the name.
  const schema = database.name?.name ?? name.schema
  return { table: { schema, name: name.name }, about, schema: undefined, rest: database.rest }
}

/** `FROM name` or `IN name`; the name alone where it stands so. */
function readPlace(
  tokens: readonly Token[],
  isBare: boolean,
): { name: TableReference | undefined; rest: readonly Token[] } {
  const begins = isBare || isWord(tokens[0], 'FROM', 'IN')
  const start = isBare ? 0 : 1
  const first = tokens[start]
  if (!begins || !isName(first)) return { name: undefined, rest: tokens }
  const second = isSymbol(tokens[start + 1], '.') ? tokens[start + 2] : undefined
  if (second === undefined)
    return { name: { schema: undefined, name: first.text }, rest: tokens.slice(start + 1) }
  return { name: { schema: first.text, name: second.text }, rest: tokens.slice(start + 3) }
}

const planWords =
  `SELECT WITH VALUES TABLE EXTENDED PARTITIONS ANALYZE FORMAT FOR INSERT UPDATE DELETE
  REPLACE`.split(/\s+/)

/** Reads `DESCRIBE table [column]`; undefined where it is the plan of a statement. */
export function readDescribe(tokens: readonly Token[]): Telling | undefined {
  const { name, rest } = readPlace(tokens.slice(1), true)
  const isPlan = isWord(tokens[1], ...planWords)
  if (name === undefined || isPlan || rest.length > 1) return undefined
  return { table: name, about: 'columns', schema: undefined, rest: [] }
}
