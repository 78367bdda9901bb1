import { Server } from '@modelcontextprotocol/server'
import { AppError } from '../base/error.ts'
import { toProtocolError } from './protocol-error.ts'

type WrapHandler = Server['_wrapHandler']

/** The protocol library's server, which says in a sentence what is wrong with a call. */
export class ToolServer extends Server {
  protected override _wrapHandler(
    ...[method, handler]: Parameters<WrapHandler>
  ): ReturnType<WrapHandler> {
    // oxlint-disable-next-line no-underscore-dangle -- so the library names the hook that it offers
    const wrapped = super._wrapHandler(method, handler)
    if (method !== 'tools/call') return wrapped
    return (request, context) => {
      refuseNoCall(request.params ?? {})
      return wrapped(request, context)
    }
  }
}

function refuseNoCall({ name, arguments: given }: Readonly<Record<string, unknown>>): void {
  if (typeof name !== 'string') throw wrong('The name of a tool must be a text.')
  if (given === undefined || (typeof given === 'object' && given !== null && !Array.isArray(given)))
    return
  throw wrong('The arguments of a tool must be an object.')
}

const wrong = (message: string): Error => toProtocolError(new AppError('invalid_input', message))
