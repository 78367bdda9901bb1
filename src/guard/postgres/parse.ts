import { hasSqlDetails, loadModule, parseSync } from 'libpg-query'
import { AppError } from '../../base/error.ts'
import { refuseDepth } from './depth.ts'
import { tooDeep } from './refusals.ts'
import { scan } from './scan.ts'

/** A node of the tree: `{ Kind: { field: … } }`, or the inside of one. */
export type Node = Readonly<Record<string, unknown>>

/** Loads the grammar (WebAssembly, some 50 ms), once, before anything is parsed. */
export const loadGrammar = (): Promise<void> => loadModule()

/**
 * The one statement of a text, by PostgreSQL's own grammar.
 * @throws AppError `syntax_error`, `statement_refused` where there is none or more than one, or where
 *   the text is more than the parser can take
 */
export function parseStatement(text: string): Node {
  const statements = parse(text)
  if (statements.length === 0)
    throw new AppError('syntax_error', 'There is no statement in the text.', {
      hint: 'Send one SELECT statement.',
    })
  if (statements.length > 1)
    throw new AppError(
      'statement_refused',
      `The text holds ${statements.length} statements; one at a time is run.`,
      { hint: 'Send one statement.' },
    )
  return statements[0] ?? {}
}

function parse(text: string): Node[] {
  // The parser is lost for good where it overflows, and cannot be stopped where it is slow.
  refuseDepth(scan(text))
  try {
    const { stmts = [] } = parseSync(text) as { stmts?: { stmt: Node }[] }
    return stmts.map(({ stmt }) => stmt)
  } catch (error) {
    if (hasSqlDetails(error)) throw syntaxError(error.sqlDetails?.message ?? '')
    throw tooDeep()
  }
}

/** The grammar's messages quote the statement and nothing else. */
function syntaxError(message: string): AppError {
  const said = message === '' ? 'it cannot be parsed' : message
  return new AppError('syntax_error', `${said.charAt(0).toUpperCase()}${said.slice(1)}.`)
}
