import { AppError } from '../../base/error.ts'
import type { Definitions } from './definitions.ts'
import { judge } from './judge.ts'
import type { Parser } from './parser.ts'
import type { ReadRules } from './terms.ts'
import { namesAllColumns, noUses, type Uses } from './uses.ts'

export interface Reviewer {
  readonly parser: Parser
  readonly rules: ReadRules
  readonly definitions: Definitions
  /** How DuckDB calls the database. */
  readonly catalog: string
  /** The tables that data files are shown as, by their paths. */
  readonly files: ReadonlyMap<string, string>
}

interface Body {
  readonly text: string
  /** Folded: where its bare names are looked up first. */
  readonly schema: string
  readonly trusted: boolean
  /** What it belongs to; undefined for the statement itself. */
  readonly of: string | undefined
  /** True for a computed column: what it names are columns of its own table. */
  readonly computed?: boolean
}

/**
 * Judges a statement, and every view and macro that it uses, by the same rules: what a view reads is
 * open with it, what it calls is not.
 */
export async function review(text: string, reviewer: Reviewer): Promise<Uses> {
  const uses = noUses()
  const seen = new Set<string>()
  const waiting: Body[] = [
    { text, schema: 'main', trusted: false, of: undefined },
    ...shadows(reviewer),
  ]
  for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
    const judged = await judgeBody(body, reviewer)
    if (body.computed !== true) collect(uses, judged, body.of === undefined)
    for (const next of bodiesOf(judged, body, reviewer)) {
      const id = `${next.of} ${next.trusted} ${next.text}`
      if (!seen.has(id)) waiting.push(next)
      seen.add(id)
    }
  }
  return uses
}

async function judgeBody(
  { text, schema, trusted, of }: Body,
  { parser, rules, definitions, catalog, files }: Reviewer,
): Promise<Uses> {
  const uses = noUses()
  try {
    const scope = { catalog, files, schema, trusted }
    judge(await parser.parse(text), { rules, scope, macros: definitions.macros, uses })
  } catch (error) {
    if (of === undefined || !(error instanceof AppError)) throw error
    throw new AppError(
      error.code === 'not_open' ? 'not_open' : 'statement_refused',
      within(of, error),
      {
        subject: error.code === 'not_open' ? error.subject : undefined,
        hint: error.hint,
      },
    )
  }
  return uses
}

const within = (of: string, error: AppError): string =>
  `${of} cannot be read here, for what it does itself: ${error.message}`

function collect(all: Uses, uses: Uses, own: boolean): void {
  const { tables, columns, star, tableNames, rowNames, files, parameters } = uses
  for (const table of tables) all.tables.add(table)
  for (const column of columns) all.columns.add(column)
  for (const name of tableNames) all.tableNames.add(name)
  for (const name of rowNames) all.rowNames.add(name)
  for (const [path, table] of files) all.files.set(path, table)
  if (own) for (const parameter of parameters) all.parameters.add(parameter)
  all.star ||= star
}

/**
 * Macros that take the name of one of DuckDB's functions: its own macros and views call that one too,
 * so they are in use whatever a statement says.
 */
const shadows = ({ definitions, rules }: Reviewer): Body[] =>
  [...definitions.macros.keys()]
    .filter((key) => rules.functions.has(nameIn(key)) || rules.tableFunctions.has(nameIn(key)))
    .flatMap((key) => macroBodies(key, { definitions, trusted: false }))

const nameIn = (key: string): string => key.slice(key.indexOf(' ') + 1)

function macroBodies(
  key: string,
  { definitions, trusted }: { definitions: Definitions; trusted: boolean },
): Body[] {
  const of = `The macro ${nameIn(key)}()`
  const texts = definitions.macros.get(key)?.texts ?? []
  return texts.map((text) => ({ text, schema: 'main', trusted, of }))
}

function bodiesOf(uses: Uses, { trusted }: Body, { definitions }: Reviewer): Body[] {
  const { tables, macros } = uses
  const views = [...tables].flatMap((key) => {
    const view = definitions.views.get(key)
    return view === undefined ? [] : [{ ...view, trusted: true, of: `The view ${key}` }]
  })
  const computed = [...tables].flatMap((key) => computedBodies(key, uses, definitions))
  return [
    ...views,
    ...computed,
    ...[...macros].flatMap((key) => macroBodies(key, { definitions, trusted })),
  ]
}

/** All of a table's, as soon as one may be read: one may be computed from another. */
function computedBodies(key: string, uses: Uses, { computed }: Definitions): Body[] {
  const columns = computed.get(key) ?? []
  const isRead = namesAllColumns(uses) || columns.some(({ name }) => uses.columns.has(name))
  if (!isRead) return []
  return columns.map(({ name, text }) => ({
    text,
    schema: 'main',
    trusted: true,
    of: `The computed column ${key}.${name}`,
    computed: true,
  }))
}
