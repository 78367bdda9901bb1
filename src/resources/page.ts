import { AppError } from '../base/error.ts'
import type { ListedResource, Page } from './provider.ts'

/** Where a page ended: the provider that it was in, and the last URI of it. */
export interface Place {
  readonly provider: string
  readonly after: string
}

/** Opaque to clients (MCP: pagination). It opens nothing: it only says where to go on. */
export const toCursor = ({ provider, after }: Place): string =>
  Buffer.from(JSON.stringify([provider, after])).toString('base64url')

/** @throws AppError `invalid_input` where it is none of ours. */
export function readCursor(cursor: string): Place {
  try {
    const [provider, after] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (typeof provider === 'string' && typeof after === 'string') return { provider, after }
  } catch {
    // As any other that is wrong.
  }
  throw wrongCursor()
}

export const wrongCursor = (): AppError =>
  new AppError('invalid_input', 'This cursor is none that was given out.', {
    hint: 'Begin again without a cursor.',
  })

/** The part of a whole list that a page asks for. */
export const pageOf = <Listed extends Pick<ListedResource, 'uri'>>(
  resources: readonly Listed[],
  { after, most }: Page,
): readonly Listed[] =>
  resources
    .filter(({ uri }) => after === undefined || uri > after)
    .toSorted((one, other) => (one.uri < other.uri ? -1 : 1))
    .slice(0, most)
