import { AppError } from '../../base/error.ts'
import type { MysqlFacts, ViewText } from '../../sources/mysql/terms.ts'
import { refusalOf } from './calls.ts'
import { findReferences, type References } from './references.ts'
import type { Standing } from './standing.ts'
import { tokenize } from './tokens.ts'

/** What a name in a text may mean, and what a call may set off. */
export interface Surroundings {
  /** Tables by `keyOf`. */
  readonly standings: ReadonlyMap<string, Standing>
  readonly keyOf: (name: string) => string
  readonly facts: MysqlFacts
  /** A default of some column calls what may not be called. */
  readonly hasCallingDefault: boolean
}

/**
 * Which views may not be read, and why: one that calls a stored function runs it with the rights of
 * whoever made the view, and one over a closed column shows it. Through other views too.
 */
export function judgeViews(around: Surroundings): Map<string, AppError> {
  const texts = new Map(around.facts.views.map((view) => [fullName(view), view]))
  const found = new Map<string, AppError | undefined>()
  const judge = (key: string): AppError | undefined => {
    const view = texts.get(key)
    if (view === undefined || found.has(key)) return found.get(key)
    // Views cannot go round in a circle; a text that says so ends here.
    found.set(key, undefined)
    const refusal = refusalOfView(view, around, judge)
    found.set(key, refusal)
    return refusal
  }
  return new Map(
    [...texts.values()].flatMap((view) => {
      const refusal = judge(fullName(view))
      return refusal === undefined ? [] : [[keyIn(around, view), refusal] as const]
    }),
  )
}

const fullName = ({ schema, name }: { schema: string; name: string }): string =>
  JSON.stringify([schema, name])

/** As the source's own tables are called. */
const keyIn = (
  { keyOf, facts }: Surroundings,
  { schema, name }: { schema: string; name: string },
): string => keyOf(schema === facts.database ? name : `${schema}.${name}`)

function refusalOfView(
  view: ViewText,
  around: Surroundings,
  judge: (key: string) => AppError | undefined,
): AppError | undefined {
  if (view.text === '') return unseen(view)
  const references = read(view)
  if (references === undefined) return unread(view)
  for (const call of references.calls) {
    const isDefault = around.hasCallingDefault && call.name.toLowerCase() === 'default'
    if (isDefault || refusalOf(call, around.facts) !== undefined) return calling(view, call.name)
  }
  for (const { schema = view.schema, name } of references.tables) {
    const place = { schema, name }
    const standing = around.standings.get(keyIn(around, place))
    if (standing !== undefined && standing.closedColumns.size > 0) return showing(view, name)
    const refusal = judge(fullName(place)) ?? standing?.refusal
    if (refusal !== undefined) return through(view, name, refusal)
  }
  return undefined
}

/** Undefined where the text is none that the server writes for a view. */
function read({ text }: ViewText): References | undefined {
  const tokens = tokenize(text)
  if (tokens.some(({ kind }) => kind === 'code' || kind === 'open')) return undefined
  try {
    return findReferences(tokens)
  } catch {
    return undefined
  }
}

const unseen = ({ name }: ViewText): AppError =>
  new AppError('not_open', `Nobody here can see what the view ${name} does, so it is not open.`, {
    subject: name,
    hint: `The person who runs it can GRANT SHOW VIEW on ${name} to the database user.`,
  })

const unread = ({ name }: ViewText): AppError =>
  new AppError('not_open', `What the view ${name} does could not be read, so it is not open.`, {
    subject: name,
  })

const calling = ({ name }: ViewText, called: string): AppError =>
  new AppError(
    'statement_refused',
    `The view ${name} calls ${called}(), which may not be called here.`,
    {
      subject: name,
      hint: 'Ask the tables that the view is made of.',
    },
  )

const showing = ({ name }: ViewText, table: string): AppError =>
  new AppError('not_open', `The view ${name} reads ${table}, which has closed columns.`, {
    subject: name,
    hint: `Ask ${table} itself.`,
  })

const through = ({ name }: ViewText, other: string, { code, hint }: AppError): AppError =>
  new AppError(code, `The view ${name} reads ${other}, which may not be read here.`, {
    subject: name,
    hint,
  })
