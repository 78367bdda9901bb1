import { foldCase } from '../../base/fold-case.ts'
import { AppError } from '../../base/error.ts'
import type { RowSet } from '../source.ts'
import type { Question } from './access.ts'
import type { Connection } from './connection.ts'
import type { QueryRequest } from './messages.ts'
import { readRows } from './read-rows.ts'

/** Prepares and runs one judged statement on one snapshot of the database. */
export function runQuery(
  connection: Connection,
  request: QueryRequest,
  rules: Question['rules'],
): RowSet {
  return connection.snapshot(() => {
    if (connection.version !== request.catalogVersion) {
      throw new AppError('schema_changed', 'The tables changed after the statement was judged.')
    }
    connection.access.begin({ ...request, rules })
    try {
      const rows = prepareAndRead(connection, request)
      return withoutHidden({ ...rows, masked: connection.access.masked }, connection)
    } catch (error) {
      throw connection.access.refusal ?? error
    }
  })
}

function prepareAndRead(
  { database, access }: Connection,
  request: QueryRequest,
): Omit<RowSet, 'masked'> {
  const statement = database.prepare(request.text)
  if (!access.reads) {
    throw new AppError(
      'statement_refused',
      'The statement does not read rows; only reading is possible here.',
    )
  }
  return readRows(statement, request.parameters, request.limits)
}

/** Takes out the columns that came in by `*` although they are hidden: NULLs without an origin. */
function withoutHidden(rows: RowSet, { access }: Connection): RowSet {
  if (access.hidden.size === 0) return rows
  const kept = rows.columns.flatMap(({ name, type }, index) =>
    access.hidden.has(foldCase(name)) && type === 'null' ? [] : [index],
  )
  return {
    ...rows,
    columns: rows.columns.filter((_column, index) => kept.includes(index)),
    rows: rows.rows.map((row) => row.filter((_value, index) => kept.includes(index))),
  }
}
