export const scopes = ['schema', 'results', 'all'] as const

/** What is held of a source: its tables and columns, answers, or both. */
export type Scope = (typeof scopes)[number]

/** An order to forget, as the processes of a server pass it on. */
export interface Drop {
  /** All sources where left out. */
  readonly source?: string | undefined
  readonly scope: Scope
  /** Of the schema that whoever sends it has: who has the same has nothing to forget. */
  readonly version?: string | undefined
}

/** Longer texts are none of ours. */
const mostCharacters = 2000

export const toText = (from: string, drop: Drop): string => JSON.stringify({ from, ...drop })

/** The order in a text from outside; undefined where it is none. */
export function parseDrop(text: string): (Drop & { readonly from: string }) | undefined {
  if (text.length > mostCharacters) return undefined
  try {
    const { from, source, scope, version } = JSON.parse(text) as Record<string, unknown>
    const isDrop =
      typeof from === 'string' &&
      isTextOrNone(source) &&
      isTextOrNone(version) &&
      scopes.some((one) => one === scope)
    return isDrop ? { from, source, scope: scope as Scope, version } : undefined
  } catch {
    return undefined
  }
}

const isTextOrNone = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'
