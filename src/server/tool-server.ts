import {
  type Implementation,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerOptions,
} from '@modelcontextprotocol/server'
import { AppError, toAppError } from '../base/error.ts'
import { isObject } from '../base/is-object.ts'
import { toProtocolError } from './protocol-error.ts'

type WrapHandler = Server['_wrapHandler']

/** The protocol library's server, which says in a sentence what is wrong with a request, and nothing of faults. */
export class ToolServer extends Server {
  readonly #onFault: (error: unknown) => void

  constructor(
    info: Implementation,
    { onFault, ...options }: ServerOptions & { readonly onFault: (error: unknown) => void },
  ) {
    super(info, options)
    this.#onFault = onFault
  }

  protected override _wrapHandler(
    ...[method, handler]: Parameters<WrapHandler>
  ): ReturnType<WrapHandler> {
    // oxlint-disable-next-line no-underscore-dangle -- so the library names the hook that it offers
    const wrapped = super._wrapHandler(method, handler)
    return async (request, context) => {
      if (method === 'tools/call') refuseNoCall(request.params ?? {})
      try {
        return await wrapped(request, context)
      } catch (error) {
        if (error instanceof ProtocolError) throw error
        throw wrongParameters(method, error) ?? this.#fault(error)
      }
    }
  }

  /** The library would tell the client what any error says. */
  #fault(error: unknown): ProtocolError {
    this.#onFault(error)
    return new ProtocolError(ProtocolErrorCode.InternalError, toAppError(error).message)
  }
}

function refuseNoCall({ name, arguments: given }: Readonly<Record<string, unknown>>): void {
  if (typeof name !== 'string') throw wrong('The name of a tool must be a text.')
  if (given !== undefined && !isObject(given))
    throw wrong('The arguments of a tool must be an object.')
}

/** Of an error by which the library tells that parameters are not those of the method: the issues of Zod, as JSON. */
function wrongParameters(method: string, error: unknown): ProtocolError | undefined {
  const issues = issuesOf(error instanceof Error ? error.message : '')
  if (issues === undefined) return undefined
  const mistakes = issues.map(({ path, message }) => {
    const [, ...place] = path
    return [place.join('.'), message.replace(/^Invalid input: /, '')].filter(Boolean).join(': ')
  })
  return wrong(`Wrong parameters for ${method}: ${mistakes.join('; ')}.`)
}

interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

function issuesOf(message: string): readonly Issue[] | undefined {
  if (!message.startsWith('[')) return undefined
  try {
    return JSON.parse(message) as readonly Issue[]
  } catch {
    return undefined
  }
}

const wrong = (message: string): ProtocolError =>
  toProtocolError(new AppError('invalid_input', message))
