import { shorten } from './shorten.ts'

/**
 * The one error class, and the closed catalogue of its codes.
 *
 * Every code has a line in docs/errors.md. `remedy` is what a model or a person does next; it is
 * used where the place that threw had nothing more precise to say. `retryable` means that the same
 * call may succeed later without being changed.
 */
interface ErrorFacts {
  readonly retryable: boolean
  readonly remedy: string
}

export const errorCatalogue = {
  invalid_input: {
    retryable: false,
    remedy: 'Correct the arguments as the message says and call again.',
  },
  config_invalid: {
    retryable: false,
    remedy: 'Correct the configuration at the place named, then run `vitrine check`.',
  },
  unknown_source: { retryable: false, remedy: 'Use one of the sources listed.' },
  unknown_tool: { retryable: false, remedy: 'Use one of the tools that tools/list names.' },
  unknown_resource: {
    retryable: false,
    remedy:
      'Use a URI of resources/list, or one made after a template of resources/templates/list.',
  },
  unknown_prompt: { retryable: false, remedy: 'Use one of the prompts that prompts/list names.' },
  unknown_table: { retryable: false, remedy: 'Call get_schema to see the tables.' },
  unknown_column: {
    retryable: false,
    remedy: 'Call get_schema with table_name to see its columns.',
  },
  unknown_function: { retryable: false, remedy: 'Use a function that the dialect has.' },
  syntax_error: { retryable: false, remedy: 'Correct the statement near the place named.' },
  statement_refused: {
    retryable: false,
    remedy: 'Ask with one SELECT statement; nothing here can be changed.',
  },
  not_found: {
    retryable: false,
    remedy: 'Check the ids and names in the arguments; ask for a list of what there is.',
  },
  not_open: { retryable: false, remedy: 'Use only what get_schema shows; the rest is not open.' },
  unauthenticated: {
    retryable: false,
    remedy: 'Send a valid token: Authorization: Bearer …; whoever runs the server hands them out.',
  },
  not_allowed: {
    retryable: false,
    remedy: 'Tell the person who runs the server; whoever asks may not do this.',
  },
  request_too_large: { retryable: false, remedy: 'Send a shorter request.' },
  rate_limited: { retryable: true, remedy: 'Wait as long as retry_after_ms says, then ask again.' },
  too_costly: {
    retryable: false,
    remedy: 'Narrow the question: filter on an indexed column, join less, aggregate fewer rows.',
  },
  query_failed: { retryable: false, remedy: 'Correct the statement as the database says.' },
  result_too_large: {
    retryable: false,
    remedy: 'Select fewer or shorter values: name columns, cut text with substr(), aggregate.',
  },
  memory_exceeded: {
    retryable: false,
    remedy: 'Filter before sorting or grouping, or aggregate to fewer groups.',
  },
  timed_out: {
    retryable: false,
    remedy: 'Narrow the question: filter on an indexed column, join less, aggregate in steps.',
  },
  cancelled: { retryable: true, remedy: 'The caller cancelled the call; ask again if needed.' },
  too_busy: { retryable: true, remedy: 'Too many questions at once; ask again in a moment.' },
  source_unavailable: {
    retryable: true,
    remedy:
      'Ask again in a moment; if it stays so, tell the person who runs the server (`vitrine doctor`).',
  },
  tool_failed: {
    retryable: false,
    remedy:
      'Tell the person who runs the server, whose log says why; the tool is one of their own.',
  },
  worker_lost: {
    retryable: true,
    remedy: 'The process that ran the statement ended; ask again.',
  },
  job_not_found: {
    retryable: false,
    remedy: 'Ask the question again: jobs and their results are kept for a while only.',
  },
  not_confirmed: {
    retryable: false,
    remedy:
      'Nothing was changed. Tell the person what you wanted to change, and ask what they want.',
  },
  change_too_large: {
    retryable: false,
    remedy: 'Nothing was changed. Name the rows that are meant more closely.',
  },
  outcome_unknown: {
    retryable: false,
    remedy: 'Look whether it was done before anybody tries it again.',
  },
  schema_changed: {
    retryable: true,
    remedy:
      'Ask again. If it stays so, tell the person who runs the server: something changes the tables all the time.',
  },
  client_config: {
    retryable: false,
    remedy: "Mend the client's configuration file at the place named.",
  },
  audit_failed: {
    retryable: true,
    remedy: 'Tell the person who runs the server: the audit record cannot be written.',
  },
  internal: {
    retryable: false,
    remedy:
      'A fault in Vitrine: tell the person who runs the server, whose log says more, and ask in another way.',
  },
} as const satisfies Record<string, ErrorFacts>

export type ErrorCode = keyof typeof errorCatalogue

export interface ErrorOptions {
  /** What to do better, in a sentence; the catalogue's remedy where there is none. */
  readonly hint?: string | undefined
  /** The name it is about, as it was written: a table, a column, a function. */
  readonly subject?: string | undefined
  /** The same for the person who runs the server: may name a path. Never sent to a client. */
  readonly detail?: string | undefined
  /** What was named is not there, or is something else: waiting does not help. */
  readonly lasting?: boolean
  /** Milliseconds until the same call may succeed. */
  readonly retryAfterMs?: number | undefined
  /** The error underneath. Kept for the log, never shown to a model. */
  readonly cause?: unknown
}

/** Characters that an answer has room for: names in a message come from outside and may be of any length. */
const longestMessage = 1000
const longestHint = 4000
const longestSubject = 200

/**
 * An error that may be shown to a model: its message and hint never hold a password, a connection
 * string, a stack or another actor's rows.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly hint: string
  readonly subject: string | undefined
  readonly detail: string | undefined
  readonly lasting: boolean
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(
      shorten(message, longestMessage),
      options.cause === undefined ? {} : { cause: options.cause },
    )
    this.code = code
    this.hint = shorten(options.hint ?? errorCatalogue[code].remedy, longestHint)
    this.subject = options.subject && shorten(options.subject, longestSubject)
    this.detail = options.detail
    this.lasting = options.lasting ?? false
    this.retryAfterMs = options.retryAfterMs
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable
  }
}

/** What whoever gave up is told. */
export const cancelled = (): AppError => new AppError('cancelled', 'The call was cancelled.')

/** The error as a model reads it (DESIGN: one JSON object, whole in the text). */
export interface ErrorAnswer {
  readonly error: {
    readonly code: ErrorCode
    readonly message: string
    readonly hint: string
    readonly retryable: boolean
    readonly retry_after_ms?: number
  }
}

export function toErrorAnswer(error: AppError): ErrorAnswer {
  const { code, message, hint, retryable, retryAfterMs } = error
  const wait = retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(retryAfterMs) }
  return { error: { code, message, hint, retryable, ...wait } }
}

/** Anything thrown, as an AppError. What is not one is a fault of ours and says nothing of itself. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  return new AppError('internal', 'Something went wrong inside Vitrine.', { cause: thrown })
}
