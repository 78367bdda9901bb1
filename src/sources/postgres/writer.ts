import { AppError } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { Change, Changed, ChangeRun, Writer } from '../change.ts'
import type { Finding } from '../source.ts'
import { bounded, Changes, commitMs, outcomeUnknown, timedOut } from '../writing.ts'
import { Returned } from './returned.ts'
import { toFailure } from './failure.ts'
import { toConnectOptions } from './options.ts'
import { toIdentity, toValues } from './run-query.ts'
import { Session } from './session.ts'
import { settingsForChange } from './settings.ts'

export interface PostgresWriterOptions {
  /** `postgres://user:password@host:port/database?word=value` */
  readonly url: string
  /** Changes at the same time, each on a connection of its own. */
  readonly concurrency: number
}

const prepareMs = 10_000

export class PostgresWriter implements Writer {
  readonly #url: string
  readonly #changes: Changes

  constructor({ url, concurrency }: PostgresWriterOptions) {
    this.#url = url
    this.#changes = new Changes(concurrency)
  }

  change(change: Change, run: ChangeRun): Promise<Changed> {
    const { timeoutMs } = run.limits
    const deadline = performance.now() + timeoutMs
    return this.#changes.run({ deadline, signal: run.signal }, (signal) =>
      this.#inSession(signal, timeoutMs, async (session) => {
        const work = execute(session, change, { run, deadline })
        const bounds = { deadline, signal, timeoutMs }
        const changed = await bounded(work, bounds, () => stop(session)).catch((error: unknown) => {
          throw isTimeout(error) ? timedOut(timeoutMs) : error
        })
        await commit(session)
        return changed
      }),
    )
  }

  /** In a transaction that is never committed. */
  prepare({ text }: Change, signal: AbortSignal): Promise<void> {
    return this.#inSession(signal, prepareMs, async (session) => {
      const settings = [`SET LOCAL statement_timeout = ${prepareMs}`]
      await session.ask(['BEGIN READ ONLY', ...settings, `PREPARE vitrine_check AS ${text}`])
    })
  }

  examine(signal: AbortSignal): Promise<readonly Finding[]> {
    return this.#inSession(signal, prepareMs, async (session) => {
      const [[[role, isSuper] = []] = []] = await session.ask([roleSql])
      return isSuper === 't' ? [allPowerful(role ?? '')] : [writes(role ?? '')]
    })
  }

  close(): Promise<void> {
    return this.#changes.close()
  }

  async #inSession<T>(
    signal: AbortSignal,
    timeoutMs: number,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const session = await Session.open(toConnectOptions(this.#url), soon).catch(
      (error: unknown) => {
        throw signal.aborted || !soon.aborted ? error : unreachable(error)
      },
    )
    try {
      return await work(session)
    } catch (error) {
      throw toFailure(error)
    } finally {
      // What is not committed by now the server undoes.
      await session.end()
    }
  }
}

const roleSql = `SELECT rolname, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user`

/** Its own limit comes a little before ours. */
const isTimeout = (error: unknown): boolean => (error as { code?: string }).code === '57014'

const stop = async (session: Session): Promise<void> => void (await session.stop())

async function execute(
  session: Session,
  change: Change,
  { run, deadline }: { readonly run: ChangeRun; readonly deadline: number },
): Promise<Changed> {
  await session.ask(['BEGIN'])
  const preamble = [settingsForChange(deadline - performance.now()), ...toIdentity(run.identity)]
  for (const setting of preamble) await session.exchange(setting, () => undefined)
  const returned = new Returned(run)
  const statement = { text: change.text, values: toValues(change.parameters) }
  const work = session.exchange(statement, (row) => returned.add(row))
  const done = await Promise.race([work, returned.tooMuch])
  returned.refuseMore(done.affected)
  const typesOf = async (oids: readonly number[]) => (await session.ask([typesSql(oids)]))[0] ?? []
  return { affected: done.affected, returned: await returned.finish(done.fields, typesOf) }
}

const typesSql = (oids: readonly number[]): string =>
  `SELECT oid, pg_catalog.format_type(oid, NULL) FROM pg_catalog.pg_type
   WHERE oid = ANY ('{${oids.join(',')}}'::pg_catalog.oid[])`

/** From here on nobody's cancel ends it: it is done, or it is not. */
async function commit(session: Session): Promise<void> {
  const committed = session.exchange({ text: 'COMMIT', values: [] }, () => undefined)
  const { command } = await within(committed, commitMs, () => outcomeUnknown(undefined)).catch(
    (error: unknown) => {
      // What fails then, such as a deferred constraint, was undone; all else is not known.
      throw (error as { severity?: string }).severity === 'ERROR' ? error : outcomeUnknown(error)
    },
  )
  if (command !== 'COMMIT')
    throw new AppError('query_failed', 'The database did not commit the change, and undid it.')
}

const unreachable = (cause: unknown): AppError =>
  new AppError('source_unavailable', 'The database did not answer in time.', { cause })

const writes = (role: string): Finding => ({
  level: 'ok',
  message: `writing tools use the role ${role}`,
})

const allPowerful = (role: string): Finding => ({
  level: 'warning',
  message: `writing tools use the role ${role}, which may do anything in the whole cluster`,
  remedy:
    'Give writable.url a role with INSERT, UPDATE or DELETE on the tables of these tools alone.',
})
