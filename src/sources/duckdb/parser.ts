import type { DuckDBConnection } from '@duckdb/node-api'
import { AppError } from '../../base/error.ts'
import { duckdb } from './engine.ts'
import { isNode, type Node, nodesOf } from './syntax-tree.ts'

const settings = {
  threads: '1',
  memory_limit: '256MB',
  temp_directory: '',
  enable_external_access: 'false',
  autoload_known_extensions: 'false',
  autoinstall_known_extensions: 'false',
} as const

/**
 * DuckDB's own parser in an instance that holds nothing and can reach nothing. It binds nothing: to
 * prepare a statement may already act, to parse it does not
 * (https://duckdb.org/docs/stable/data/json/sql_to_and_from_json).
 */
export class Parser {
  readonly #connection: DuckDBConnection

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection
  }

  static async open(): Promise<Parser> {
    const instance = await duckdb.DuckDBInstance.create(':memory:', settings)
    const connection = await instance.connect()
    await connection.run('SET lock_configuration = true')
    return new Parser(connection)
  }

  /**
   * The tree of the one query in the text.
   * @throws AppError `syntax_error`, `statement_refused`
   */
  async parse(text: string): Promise<Node> {
    const tree = await this.#serialize(text)
    if (tree['error'] === true) throw toFailure(tree)
    const statements = nodesOf(tree['statements'])
    const [statement] = statements
    if (statement === undefined) {
      throw new AppError('syntax_error', 'There is no statement in the text.')
    }
    if (statements.length > 1) throw severalStatements(statements.length)
    return statement
  }

  async #serialize(text: string): Promise<Node> {
    const reader = await this.#connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [
      text,
    ])
    const [[serialized] = []] = reader.getRows()
    const tree: unknown = JSON.parse(String(serialized))
    if (!isNode(tree)) throw new AppError('internal', 'The parser gave no tree.')
    return tree
  }
}

function toFailure(tree: Node): AppError {
  const said = String(tree['error_message'])
  if (/^(?:memory exhausted|max expression depth)/i.test(said)) {
    return new AppError('syntax_error', 'The statement is nested too deeply.')
  }
  if (tree['error_type'] === 'parser') {
    return new AppError('syntax_error', `${said.charAt(0).toUpperCase()}${said.slice(1)}.`)
  }
  if (said.includes('parameters')) return new AppError('invalid_input', `${said}.`)
  return noReading()
}

export const noReading = (): AppError =>
  new AppError(
    'statement_refused',
    'The statement does not read rows; only reading is possible here.',
  )

const severalStatements = (count: number): AppError =>
  new AppError('statement_refused', `The text holds ${count} statements; one at a time is run.`, {
    hint: 'Send one statement.',
  })
