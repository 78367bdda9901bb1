import { AppError, cancelled } from '../../base/error.ts'
import type { OnProgress } from '../../base/progress.ts'
import { RowCollector } from '../row-collector.ts'
import type { Limits, RowSet } from '../source.ts'
import type { Parameter } from '../statement.ts'
import type { Connection, Execution, Prepared } from './connection.ts'
import { toColumns } from './column-types.ts'
import type { Killer } from './killer.ts'
import type { Work } from './pool.ts'
import type { Bounds } from '../waiting-line.ts'
import type { MysqlTerms } from './terms.ts'
import { type RawCell, toCell } from './values.ts'
import { heedWarnings } from './warnings.ts'

export interface StatementRun extends Bounds {
  readonly text: string
  readonly terms: MysqlTerms
  readonly parameters: readonly Parameter[]
  readonly limits: Limits
  readonly prepareOnly: boolean
  readonly killer: Killer
  readonly onProgress: OnProgress | undefined
}

/** Bytes of one answer that come over the wire, whatever is kept of them. */
const mostBytes = 32 * 1024 ** 2
/** What a statement that was cut may still send before it is ended. */
const drainMs = 25
/** How long a server may take to obey before its connection is cut. */
const obeyMs = 1000

/** ER_UNSUPPORTED_PS: the statement cannot be prepared. */
const unsupported = 1295

/** One statement in a session, until its rows end, a cap is reached, or time or the caller end it. */
export function runStatement(connection: Connection, run: StatementRun): Work<RowSet> {
  const ending = new Ending()
  const work = execute(connection, run, ending)
  const result = bounded(work.result, run, ending)
  return { result, settled: settle(connection, work.ended, { result, ending, run }) }
}

/** That a statement is to be ended from outside; with an error where its caller is to have one. */
class Ending {
  readonly asked: Promise<AppError | undefined>
  isAsked = false
  #ask: (error: AppError | undefined) => void = () => undefined

  constructor() {
    this.asked = new Promise((resolve) => {
      this.#ask = resolve
    })
  }

  ask(error?: AppError): void {
    this.isAsked = true
    this.#ask(error)
  }
}

function bounded<Result>(
  result: Promise<Result>,
  { deadline, signal, limits }: StatementRun,
  ending: Ending,
): Promise<Result> {
  const onAbort = (): void => ending.ask(cancelled())
  const timer = setTimeout(() => ending.ask(timedOut(limits)), deadline - performance.now())
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const ended = ending.asked.then((error) => {
    if (error === undefined) return result
    throw error
  })
  return Promise.race([result, ended]).finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  })
}

const timedOut = ({ timeoutMs }: Limits): AppError =>
  new AppError('timed_out', `The statement took longer than ${timeoutMs / 1000} s and was ended.`)

interface Outcome {
  readonly result: Promise<RowSet>
  readonly ending: Ending
  readonly run: StatementRun
}

/**
 * Until the connection may be used again, or is gone. A statement that nobody waits for any more is
 * ended: politely, and by cutting its connection where the server does not obey.
 */
async function settle(
  connection: Connection,
  ended: Promise<void>,
  { result, ending, run }: Outcome,
): Promise<void> {
  await Promise.race([ended, ending.asked, result.then(ignore, ignore)])
  if (await endsWithin(ending.isAsked ? 0 : drainMs, ended)) return
  if (!connection.alive) return
  const obeyed = run.killer.kill('QUERY', connection)
  if (await endsWithin(obeyMs, Promise.all([obeyed, ended]).then(ignore))) return
  connection.destroy()
  await Promise.race([run.killer.kill('CONNECTION', connection), pause(obeyMs)])
}

const ignore = (): void => undefined

const pause = (ms: number): Promise<false> =>
  new Promise((resolve) => setTimeout(() => resolve(false), ms))

const endsWithin = (ms: number, work: Promise<void>): Promise<boolean> =>
  Promise.race([work.then(() => true), pause(ms)])

interface Running {
  readonly result: Promise<RowSet>
  /** Settles when the server has nothing more to say; never fails. */
  readonly ended: Promise<void>
}

function execute(connection: Connection, run: StatementRun, ending: Ending): Running {
  let prepared: Prepared | undefined
  const keep = (made: Prepared): unknown => (prepared = made)
  const reading = run.prepareOnly
    ? prepare(connection, run, keep).then((made) => withoutRows(made, run))
    : start(connection, run, keep).then((execution) =>
        readRows(execution, { connection, run, ending }),
      )
  const ended = reading
    .then(({ ended: done }) => done, ignore)
    .then(() => void prepared?.close())
    .catch(ignore)
  return { result: reading.then(({ result }) => result), ended }
}

/** By the prepared protocol: one statement, and the server says beforehand whether it has columns. */
async function start(
  connection: Connection,
  run: StatementRun,
  keep: (prepared: Prepared) => void,
): Promise<Execution> {
  const prepared = await prepare(connection, run, keep)
  return prepared?.execute(connection.toBound(run.parameters)) ?? connection.runText(run.text)
}

/** Undefined for one of the few statements that cannot be prepared. */
async function prepare(
  connection: Connection,
  { text, terms, parameters }: StatementRun,
  keep: (prepared: Prepared) => void,
): Promise<Prepared | undefined> {
  const prepared = await connection.prepare(text).catch((error: unknown) => {
    if ((error as { errno?: number }).errno === unsupported && terms.kind === 'other') return
    throw error
  })
  if (prepared === undefined) return undefined
  keep(prepared)
  if (terms.kind === 'select' && prepared.columns.length === 0) throw noRead()
  if (prepared.parameters.length !== parameters.length) throw noRead()
  return prepared
}

function withoutRows(prepared: Prepared | undefined, { limits, terms }: StatementRun): Running {
  const columns = toColumns(prepared?.columns ?? [])
  const rows = new RowCollector({ columns, limits }).finish(terms.masked)
  return { result: Promise.resolve(rows), ended: Promise.resolve() }
}

const noRead = (): AppError =>
  new AppError('statement_refused', 'The server does not take this statement for one that reads.')

interface Reading {
  readonly connection: Connection
  readonly run: StatementRun
  readonly ending: Ending
}

/** Rows until one is too many. What comes afterwards is thrown away. */
function readRows(execution: Execution, { connection, run, ending }: Reading): Running {
  let collector = new RowCollector({ columns: [], limits: run.limits })
  let convert: readonly ReturnType<typeof toCell>[] = []
  let full = false
  const finish = (): RowSet => {
    full = true
    return collector.finish(run.terms.masked)
  }
  let ended: Promise<unknown> = Promise.resolve()
  const result = new Promise<RowSet>((resolve, reject) => {
    execution.on('fields', (fields = []) => {
      convert = fields.map(toCell)
      const { limits, onProgress } = run
      collector = new RowCollector({ columns: toColumns(fields), limits, onProgress })
    })
    execution.on('result', (row) => {
      if (full || !Array.isArray(row)) return
      if (!collector.add(row.map((cell: RawCell, index) => convert[index]?.(cell) ?? null)))
        resolve(finish())
    })
    execution.on('error', reject)
    connection.watch({
      onLost: reject,
      onBytes(received) {
        if (received < mostBytes || full) return
        const rows = finish()
        if (rows.rows.length === 0) reject(tooLarge())
        else resolve({ ...rows, caps: [...new Set([...rows.caps, 'bytes' as const])] })
        ending.ask()
      },
    })
    ended = whenEnded(execution, () => {
      if (!full) resolve(heedWarnings(connection, finish()))
    })
  })
  return {
    result,
    ended: ended
      .then(() => result)
      .then(ignore, ignore)
      .then(() => connection.watch(undefined)),
  }
}

/** The driver says `end` after an error too. */
const whenEnded = (execution: Execution, onEnd: () => void): Promise<void> =>
  new Promise((resolve) => {
    execution.on('end', () => {
      onEnd()
      resolve()
    })
  })

const tooLarge = (): AppError =>
  new AppError(
    'result_too_large',
    `A value of the answer is larger than ${mostBytes / 1024 ** 2} MiB.`,
  )
