import { AppError } from '../../base/error.ts'
import type { RowSet } from '../source.ts'
import type { Connection } from './connection.ts'

/** A value that is too long comes back as NULL, and the server only warns. */
const becameNull = 1301
/** GROUP_CONCAT and, on MariaDB, JSON_ARRAYAGG were cut. */
const wasCut = 1260

/** The same rows where the server's warnings do not say that they are wrong. */
export async function heedWarnings(connection: Connection, rows: RowSet): Promise<RowSet> {
  if (connection.warnings === 0 || !connection.alive) return rows
  const warnings = await connection.ask<{ Code: number | string; Message: string }>('SHOW WARNINGS')
  const codes = new Set(warnings.map(({ Code }) => Number(Code)))
  if (codes.has(becameNull)) throw tooLong()
  return codes.has(wasCut) ? { ...rows, caps: [...new Set([...rows.caps, 'cell' as const])] } : rows
}

const tooLong = (): AppError =>
  new AppError('result_too_large', 'A value is longer than the server lets one be.')
