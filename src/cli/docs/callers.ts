/** Who may come in, and what that opens to them. */
import type { Grant } from '../../base/actor.ts'
import { toAppError } from '../../base/error.ts'
import type { Config } from '../../config/config.ts'
import type { CallerDescription } from '../../docs/description.ts'
import { type Declared, openTo } from '../../tools/tools.ts'

export interface Callers {
  readonly callers: readonly CallerDescription[]
  /** Why tokens cannot be told. */
  readonly problem: string | undefined
}

const everything: Grant = { tools: 'all', sources: 'all' }

/** Names alone: of tokens neither hashes nor claims. */
export async function describeCallers(
  { http: { auth } }: Config,
  declared: Declared,
): Promise<Callers> {
  const toCaller = (name: string, how: string, grant: Grant): CallerDescription => ({
    name,
    how,
    tools: toolsOf(grant, declared),
  })
  const local = toCaller(
    'this machine',
    'whoever starts the server over stdio, or types at its terminal',
    everything,
  )
  if (auth === undefined) {
    const anybody = toCaller('HTTP', 'whoever reaches its address; nothing is asked', everything)
    return { callers: [local, anybody], problem: undefined }
  }
  const { tokens, jwt, proxy } = auth
  const found = tokens === undefined ? { valid: [], problem: undefined } : await readTokens(tokens)
  const callers = [
    local,
    ...found.valid.map((token) =>
      toCaller(
        `token ${token.name}`,
        `a static token, until ${token.expires.toISOString().slice(0, 10)}`,
        token,
      ),
    ),
    ...Object.entries(jwt?.scopes ?? {}).map(([scope, grant]) =>
      toCaller(`scope ${scope}`, `a person whom ${jwt?.issuer} signed in with it`, grant),
    ),
    ...(proxy === undefined
      ? []
      : [toCaller('the proxy', 'whoever a trusted proxy vouches for', proxy.grant)]),
  ]
  return { callers, problem: found.problem }
}

async function readTokens(path: string) {
  const { readTokenFile } = await import('../../edge/auth/token-file.ts')
  try {
    const { tokens = [] } = (await readTokenFile(path)) ?? {}
    return { valid: tokens.filter(({ expires }) => +expires > Date.now()), problem: undefined }
  } catch (error) {
    return { valid: [], problem: toAppError(error).message }
  }
}

export const toolsOf = (grant: Grant, declared: Declared): string[] =>
  openTo({ id: '', claims: {}, ...grant }, declared).tools.map(({ name }) => name)
