import type { ServerContext } from '@modelcontextprotocol/server'
import { toAppError } from '../base/error.ts'
import type { Answer, Tool } from '../tools/tool.ts'
import { toRequestError } from './protocol-error.ts'
import type { Toolset } from './toolsets.ts'

/** Asks for whoever is at the other end, through all gates. */
export interface Asking {
  readonly toolset: () => Toolset
  /** @throws ProtocolError */
  readonly ask: (tool: Tool, given: unknown, context: ServerContext) => Promise<Answer>
}

/** Runs what answers a request; what goes wrong is told as the protocol words it. */
export async function orRequestError<T>(
  work: () => Promise<T>,
  onError: (error: unknown) => void,
): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    onError(thrown)
    throw toRequestError(toAppError(thrown))
  }
}
