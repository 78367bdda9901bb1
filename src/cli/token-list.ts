import type { Allowed } from '../base/actor.ts'
import { dayMs, type Token, toShown } from '../edge/auth/token.ts'
import { readTokenFile } from '../edge/auth/token-file.ts'
import { formatTable } from './table.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { findTokenFile, type TokenTarget } from './token-target.ts'

export interface TokenListOptions extends TokenTarget {
  readonly now: Date
  readonly json?: boolean
}

/** `vitrine token list`: who has a token, for what, and until when. */
export async function tokenList(options: TokenListOptions, terminal: Terminal): Promise<number> {
  const { path } = await findTokenFile(options)
  const tokens = (await readTokenFile(path))?.tokens ?? []
  const listed = tokens.map((token) => ({ ...toShown(token), state: stateOf(token, options.now) }))
  if (options.json === true) terminal.print(JSON.stringify({ tokens: listed }))
  else if (listed.length === 0) terminal.note(`There are no tokens in ${path}.`)
  else terminal.print(formatTable(columns, listed.map(toRow), terminal))
  return exitCode.done
}

const columns = ['name', 'tools', 'sources', 'created', 'expires', 'state'].map((name) => ({
  name,
}))

const soonMs = 14 * dayMs

function stateOf({ expires }: Pick<Token, 'expires'>, now: Date): string {
  if (+expires <= +now) return 'expired'
  return +expires - +now < soonMs ? 'ends soon' : 'valid'
}

const toRow = ({
  name,
  tools,
  sources,
  created,
  expires,
  state,
}: Omit<Token, 'hash'> & { readonly state: string }): readonly string[] => [
  name,
  toNames(tools),
  toNames(sources),
  toDay(created),
  toDay(expires),
  state,
]

const toNames = (allowed: Allowed): string => (allowed === 'all' ? 'all' : allowed.join(', '))

const toDay = (date: Date): string => date.toISOString().slice(0, 10)
