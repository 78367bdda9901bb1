import { AppError, toAppError } from '../../base/error.ts'
import type { CallGate, Confirmation } from '../../tools/call.ts'
import type { Entry } from './chain.ts'
import type { DoorEvent, JobEvent, Outcome } from './entry.ts'

export interface AuditOptions {
  /** Absolute path. */
  readonly file: string
  /** Take the text of statements down, with every value in it. */
  readonly statements: boolean
  readonly rotateBytes: number
  /** Full files that are kept. */
  readonly keep: number
  /** Makes the chain of hashes one that nobody else can make. */
  readonly key: string | undefined
  readonly whenAuditFails: 'open' | 'closed'
  /** Told in a sentence when nothing can be written, and when it can again. */
  readonly note: (text: string) => void
}

export interface Audit {
  /** The outermost gate: what the others refuse is in the record too. */
  readonly gate: CallGate
  /** For requests that are refused before they become a call. Never throws. */
  readonly record: (event: DoorEvent) => void
  /** How a job ended, long after its call was answered. Never rejects. */
  readonly recordJob: (event: JobEvent) => Promise<void>
  /** Rejects where nothing can be written, and calls are refused because of it. */
  readonly ready: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * The record of every call: a line for each, which is in the file before the answer goes out. Opens
 * nothing before the first one.
 */
export function createAudit(options: AuditOptions): Audit {
  let opening: Promise<Open> | undefined
  const open = (): Promise<Open> => (opening ??= load(options))
  const limitEvents = createEventLimit()
  const closed = options.whenAuditFails === 'closed'
  return {
    async gate(call, next) {
      const { journal, toCallEntry, toConfirmationEntry } = await open()
      if (closed) await journal.ready().catch(refuse)
      const began = performance.now()
      let confirmation: Confirmation | undefined
      const outcome = (what: Partial<Outcome>): Outcome => ({
        ...what,
        ms: performance.now() - began,
        confirmation,
      })
      const write = (entry: Entry): Promise<void> =>
        journal.append(entry).catch(closed && !isConfirmed(confirmation) ? refuse : ignore)
      const onConfirmation = async (what: Confirmation): Promise<void> => {
        if (isConfirmed(what))
          await journal
            .append(toConfirmationEntry(call, { ...outcome({}), confirmation: what }, options))
            .catch(closed ? refuse : ignore)
        confirmation = what
      }
      try {
        const reply = await next({ ...call, onConfirmation })
        await write(toCallEntry(call, outcome({ reply }), options))
        return reply
      } catch (thrown) {
        const error = toAppError(thrown)
        // Its own refusal is known to be missing, and will be counted.
        if (error.code === 'audit_failed') throw error
        await write(toCallEntry(call, outcome({ error }), options))
        throw thrown
      }
    },
    record(event) {
      const skipped = limitEvents()
      if (skipped === undefined) return
      void open()
        .then(({ journal, toDoorEntry }) => journal.append(toDoorEntry(event, skipped)))
        .catch(ignore)
    },
    async recordJob(event) {
      const { journal, toJobEntry } = await open()
      await journal.append(toJobEntry(event, options)).catch(ignore)
    },
    async ready() {
      const { journal } = await open()
      if (closed) await journal.ready()
    },
    async close() {
      const opened = await opening?.catch(ignore)
      await opened?.journal.close()
    },
  }
}

/**
 * From here on something may have been changed. Its line was written before; whoever called is told the outcome
 * also where the next one cannot be: an error would have them do it again.
 */
const isConfirmed = (confirmation: Confirmation | undefined): boolean =>
  confirmation === 'accepted' || confirmation === 'token_used'

/** Strangers at the door must not drive the record of the others out of its files. */
const mostEventsPerSecond = 20

/** Gives how many were left out since the last one that was not; undefined where this one is left out. */
function createEventLimit(): () => number | undefined {
  let second = 0
  let events = 0
  let skipped = 0
  return () => {
    const now = Math.floor(performance.now() / 1000)
    if (now !== second) [second, events] = [now, 0]
    events += 1
    if (events > mostEventsPerSecond) {
      skipped += 1
      return undefined
    }
    const before = skipped
    skipped = 0
    return before
  }
}

type Open = Awaited<ReturnType<typeof load>>

async function load(options: AuditOptions) {
  const [{ Journal }, { toCallEntry, toConfirmationEntry, toDoorEntry, toJobEntry }] =
    await Promise.all([import('./journal.ts'), import('./entry.ts')])
  const journal = new Journal(options)
  return { journal, toCallEntry, toConfirmationEntry, toDoorEntry, toJobEntry }
}

const ignore = (): undefined => undefined

function refuse(cause: unknown): never {
  throw new AppError('audit_failed', 'Nothing is answered, because it cannot be put on record.', {
    cause,
  })
}
