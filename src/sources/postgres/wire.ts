import type { Socket } from 'node:net'

/** `T`: in a transaction; `E`: in a failed one; `I`: in none. */
export type TransactionStatus = 'T' | 'E' | 'I'

export interface Field {
  readonly name: string
  readonly dataTypeID: number
  readonly dataTypeModifier: number
}

/**
 * The messages of the protocol as pg's Connection sends them; its published types leave some out
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */
export interface Wire {
  readonly stream: Socket
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number, secretKey: number): void
  /** Without a name until the next one without a name. */
  parse(message: { readonly text: string; readonly name?: string }): void
  bind(message: { readonly statement?: string; readonly values: readonly (string | null)[] }): void
  /** A portal, or a statement. */
  describe(message: { readonly type: 'P' | 'S' }): void
  execute(message: { readonly rows: number }): void
  sendCopyFail(message: string): void
  /** By the simple protocol; the server is ready for more after it, as after a sync. */
  query(text: string): void
  flush(): void
  sync(): void
  on(event: string, listener: (message: { status: TransactionStatus }) => void): void
  once(event: string, listener: (message: { status: TransactionStatus }) => void): void
}
