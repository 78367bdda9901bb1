import type { StatementSyncInstance } from '@photostructure/sqlite'
import { AppError } from '../../base/error.ts'
import { foldCase } from '../../base/fold-case.ts'
import type { RowSet } from '../source.ts'
import type { Connection } from './connection.ts'
import type { HeardRequest } from './messages.ts'
import type { AccessRules } from './terms.ts'
import { readRows } from './read-rows.ts'

/** Prepares and runs one judged statement on one snapshot of the database. */
export function runQuery(
  connection: Connection,
  request: HeardRequest,
  rules: AccessRules,
): RowSet {
  return connection.snapshot(() => {
    if (connection.version !== request.catalogVersion) {
      throw new AppError('schema_changed', 'The tables changed after the statement was judged.')
    }
    connection.access.begin({ ...request.terms, rules })
    try {
      return prepareAndRead(connection, request)
    } catch (error) {
      throw connection.access.refusal ?? error
    }
  })
}

function prepareAndRead({ database, access }: Connection, request: HeardRequest): RowSet {
  const statement = database.prepare(request.text)
  if (!access.reads) {
    throw new AppError(
      'statement_refused',
      'The statement does not read rows; only reading is possible here.',
    )
  }
  const rows = readRows(statement, request, () => access.masked)
  return access.hidden.size === 0 ? rows : withoutHidden(rows, { statement, hidden: access.hidden })
}

interface Hiding {
  readonly statement: StatementSyncInstance
  /** Names of hidden columns that were read. */
  readonly hidden: ReadonlySet<string>
}

/** Takes out the columns that came in by `*` although they are hidden: NULLs without an origin. */
function withoutHidden(rows: RowSet, { statement, hidden }: Hiding): RowSet {
  const isKept = statement
    .columns()
    .map(
      ({ name, column }, index) =>
        column !== null || !hidden.has(foldCase(name)) || rows.columns[index]?.type !== 'null',
    )
  return {
    ...rows,
    columns: rows.columns.filter((_column, index) => isKept[index]),
    rows: rows.rows.map((row) => row.filter((_value, index) => isKept[index])),
  }
}
