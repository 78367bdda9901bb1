/** What travels between a worker process and the one that started it (structured clone): lists of requests there, messages back. */
import type { ErrorCode } from '../../base/error.ts'
import type { Progress } from '../../base/progress.ts'

/** To one request: a value, or the parts of an AppError. */
export type Reply = { readonly tookMs: number } & (
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      readonly code: ErrorCode
      readonly message: string
      readonly hint: string
      readonly subject: string | undefined
      /** For the log, where it is a fault of ours. */
      readonly stack: string | undefined
    }
)

/** How far the request is that is running: any number of them before its reply. */
interface Report {
  readonly progress: Progress
}

/** One reply to each request, in their order. */
export type WorkerMessage = Reply | Report
