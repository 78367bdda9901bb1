import { within } from '../../base/within.ts'
import { AppError } from '../../base/error.ts'
import type { Change, Changed, ChangeRun, Writer } from '../change.ts'
import type { Finding } from '../source.ts'
import { bounded, Changes, commitMs, outcomeUnknown } from '../writing.ts'
import { Connection } from './connection.ts'
import { isLost, toFailure } from './failure.ts'
import { Killer } from './killer.ts'
import { runChange } from './run-change.ts'
import { parseServerUrl, type ServerAddress } from './server-url.ts'
import { prepareToWrite } from './session.ts'

export interface MysqlWriterOptions {
  /** `mysql:` or `mariadb:`, as the config has it. */
  readonly url: string
  /** Changes at the same time, each on a connection of its own. */
  readonly concurrency: number
}

const connectMs = 5000
const prepareMs = 10_000

export class MysqlWriter implements Writer {
  readonly #server: ServerAddress
  readonly #killer: Killer
  readonly #changes: Changes

  constructor({ url, concurrency }: MysqlWriterOptions) {
    this.#server = parseServerUrl(url)
    this.#killer = new Killer(this.#server)
    this.#changes = new Changes(concurrency)
  }

  change(change: Change, run: ChangeRun): Promise<Changed> {
    const { timeoutMs } = run.limits
    const deadline = performance.now() + timeoutMs
    return this.#changes.run({ deadline, signal: run.signal }, (signal) =>
      this.#inSession({ signal, timeoutMs }, async (connection) => {
        const work = execute(connection, change, run)
        const stop = (): Promise<void> => this.#stop(connection)
        const changed = await bounded(work, { deadline, signal, timeoutMs }, stop)
        await commit(connection)
        return changed
      }),
    )
  }

  prepare(change: Change, signal: AbortSignal): Promise<void> {
    return this.#inSession({ signal, timeoutMs: prepareMs }, async (connection) => {
      await refuseUndoable(connection, change)
      const prepared = await connection.prepare(change.text)
      prepared.close()
    })
  }

  examine(signal: AbortSignal): Promise<readonly Finding[]> {
    return this.#inSession({ signal, timeoutMs: prepareMs }, async (connection) => {
      const [row] = await connection.ask<{ user: string }>('SELECT CURRENT_USER() AS user')
      return [{ level: 'ok', message: `writing tools use the user ${row?.user ?? ''}` }]
    })
  }

  async close(): Promise<void> {
    await this.#changes.close()
    this.#killer.close()
  }

  /** The connection that is gone ends its transaction, and the statement in it where the server sees that. */
  async #stop(connection: Connection): Promise<void> {
    const killed = this.#killer.kill('CONNECTION', connection)
    connection.destroy()
    await killed
  }

  async #inSession<T>(
    { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    let connection: Connection | undefined
    try {
      const patience = Math.min(connectMs, timeoutMs)
      connection = await Connection.open(this.#server, { timeoutMs: patience, signal })
      await prepareToWrite(connection, timeoutMs)
      return await work(connection)
    } catch (error) {
      throw toFailure(error)
    } finally {
      // What is not committed by now the server undoes.
      await connection?.ask('ROLLBACK').catch(() => undefined)
      connection?.destroy()
    }
  }
}

async function execute(connection: Connection, change: Change, run: ChangeRun): Promise<Changed> {
  await refuseUndoable(connection, change)
  return runChange(connection, change, run)
}

/**
 * A table of an engine without transactions keeps what was written to it, whatever comes after.
 * @throws AppError `statement_refused`
 */
async function refuseUndoable(connection: Connection, { table }: Change): Promise<void> {
  const name = table.at(-1) ?? ''
  const [schema = null] = table.length > 1 ? [table[0] ?? ''] : []
  const rows = await connection.ask<{ engine: string | null; undoes: string | null }>(
    `SELECT t.ENGINE AS engine, e.TRANSACTIONS AS undoes FROM information_schema.TABLES t
     LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
     WHERE t.TABLE_NAME = ? AND t.TABLE_SCHEMA = COALESCE(?, DATABASE()) AND t.TABLE_TYPE = 'BASE TABLE'`,
    [name, schema],
  )
  // What is not there, or a view, the server tells of by itself.
  const bad = rows.find(({ undoes }) => undoes !== 'YES')
  if (bad === undefined) return
  throw new AppError(
    'statement_refused',
    `The table ${name} has the engine ${bad.engine ?? 'of none'}, which cannot undo a change.`,
    { subject: name, hint: 'Make it InnoDB: a change of too many rows has to be undone.' },
  )
}

/** From here on nobody's cancel ends it: it is done, or it is not. */
async function commit(connection: Connection): Promise<void> {
  try {
    await within(connection.ask('COMMIT'), commitMs, () => outcomeUnknown(undefined))
  } catch (error) {
    throw isLost(error) || !connection.alive ? outcomeUnknown(error) : error
  }
}
