import {
  Client,
  isJSONRPCRequest,
  type JSONRPCMessage,
  ProtocolErrorCode,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { version } from '../../base/version.ts'
import type { ServerSpec } from './server-spec.ts'

/** What a server asks a person for, in the middle of a call. */
export interface Elicitation {
  readonly server: string
  /** The server's words: to be shown by `toVisible`. */
  readonly message: string
  /** JSON Schema of a flat form. */
  readonly requestedSchema: Readonly<Record<string, unknown>>
}

export type ElicitationAnswer =
  | {
      readonly action: 'accept'
      readonly content: Readonly<Record<string, string | number | boolean | string[]>>
    }
  | { readonly action: 'decline' | 'cancel' }

export type Elicit = (asked: Elicitation, signal: AbortSignal) => Promise<ElicitationAnswer>

/** A program that knows nothing of the probe for the newest revision may not answer it at all; over HTTP it has to. */
const longestProbeMs = 5000
const longestMessage = 64 * 1024 * 1024
/** Of what a server says on stderr, the end is kept. */
const keptCharacters = 2000

/**
 * Of the class itself the client would start a second process to probe for the protocol's revision;
 * through a subclass it probes in place.
 */
class OneProcessTransport extends StdioClientTransport {}

/** Said to a request whose stream of an answer broke off: the library alone would wait on. */
export const streamLost = 'The stream of the answer broke off.'

class HttpTransport extends StreamableHTTPClientTransport {
  override send(
    message: JSONRPCMessage | JSONRPCMessage[],
    options: Parameters<StreamableHTTPClientTransport['send']>[1] = {},
  ): Promise<void> {
    if (!isJSONRPCRequest(message) || options.onRequestStreamEnd !== undefined) {
      return super.send(message, options)
    }
    // After an answer nobody waits for this one any more.
    const onRequestStreamEnd = (): void =>
      this.onmessage?.({
        jsonrpc: '2.0',
        id: message.id,
        error: { code: ProtocolErrorCode.InternalError, message: streamLost },
      })
    return super.send(message, { ...options, onRequestStreamEnd })
  }
}

export interface OpenedClient {
  readonly client: Client
  readonly transport: Transport
  /** What the server wrote on stderr, its end. */
  readonly said: () => string
}

/** A client that is not connected yet. */
export function openClient(
  spec: ServerSpec,
  { elicit, connectMs }: { readonly elicit: Elicit | undefined; readonly connectMs: number },
): OpenedClient {
  const probeMs = spec.reach.kind === 'http' ? connectMs : Math.min(connectMs, longestProbeMs)
  const client = new Client(
    { name: 'vitrine-agent', version },
    {
      capabilities: elicit === undefined ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: 'auto', probe: { timeoutMs: probeMs } },
    },
  )
  if (elicit !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params }, { mcpReq }) => {
      if (!('requestedSchema' in params)) return { action: 'decline' }
      const { message, requestedSchema } = params
      const answer = await elicit({ server: spec.name, message, requestedSchema }, mcpReq.signal)
      return answer.action === 'accept'
        ? { action: answer.action, content: { ...answer.content } }
        : { action: answer.action }
    })
  }
  return { client, ...openTransport(spec) }
}

function openTransport({ reach }: ServerSpec): Omit<OpenedClient, 'client'> {
  if (reach.kind === 'http') {
    const requestInit = { headers: { ...reach.headers } }
    const transport = new HttpTransport(new URL(reach.url), { requestInit })
    return { transport, said: () => '' }
  }
  const { command, args, env, cwd } = reach
  const transport = new OneProcessTransport({
    command,
    args: [...args],
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stderr: 'pipe',
    maxBufferSize: longestMessage,
  })
  let said = ''
  transport.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-keptCharacters)
  })
  return { transport, said: () => said }
}
