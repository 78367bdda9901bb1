/** Does what the config says about who may come in work, and is it sound? */
import { toAppError } from '../../base/error.ts'
import type { AuthOptions, JwtOptions, ProxyOptions } from './options.ts'
import { dayMs, type Token } from './token.ts'
import { readTokenFile } from './token-file.ts'

export interface AuthFinding {
  readonly level: 'ok' | 'warning' | 'problem'
  readonly message: string
  /** What to do about it. */
  readonly remedy?: string
}

export async function examineAuth(auth: AuthOptions): Promise<readonly AuthFinding[]> {
  const { tokens, jwt, proxy } = auth
  return [
    ...(tokens === undefined ? [] : await examineTokens(tokens)),
    ...(jwt === undefined ? [] : await examineProvider(jwt)),
    ...(proxy === undefined ? [] : examineProxy(proxy)),
  ]
}

async function examineTokens(path: string): Promise<AuthFinding[]> {
  try {
    const { tokens = [], isShared = false } = (await readTokenFile(path)) ?? {}
    const now = Date.now()
    const ended = tokens.filter(({ expires }) => +expires <= now)
    const ending = tokens.filter(({ expires }) => +expires > now && +expires - now < soonMs)
    return [
      { level: 'ok', message: `Static tokens that are valid: ${tokens.length - ended.length}.` },
      ...(isShared ? [shared(path)] : []),
      ...(ending.length === 0 ? [] : [endsSoon(ending)]),
    ]
  } catch (error) {
    const { message, hint } = toAppError(error)
    return [{ level: 'problem', message, remedy: hint }]
  }
}

const soonMs = 14 * dayMs

/** Names and claims are for nobody else; a hash alone lets nobody in. */
const shared = (path: string): AuthFinding => ({
  level: 'warning',
  message: `Others than its owner may read ${path}.`,
  remedy: `chmod 600 ${path}`,
})

const endsSoon = (tokens: readonly Token[]): AuthFinding => ({
  level: 'warning',
  message: `Tokens that end within two weeks: ${tokens.map(({ name }) => name).join(', ')}.`,
  remedy: 'Revoke each and make a new one: vitrine token create.',
})

async function examineProvider(jwt: JwtOptions): Promise<AuthFinding[]> {
  const { explainFailure, readKeys } = await import('./provider-keys.ts')
  try {
    const { keys } = await readKeys(jwt)
    return [{ level: 'ok', message: `The provider ${jwt.issuer} shows its keys: ${keys.length}.` }]
  } catch (error) {
    return [
      {
        level: 'problem',
        message: `The provider ${jwt.issuer} ${explainFailure(error)}`,
        remedy: 'Is the issuer written as in the `iss` of a token, and reachable from here?',
      },
    ]
  }
}

function examineProxy({ from, secret }: ProxyOptions): AuthFinding[] {
  const local = from.filter((address) => /^(?:127\.|::1)/.test(address))
  if (secret !== undefined || local.length === 0)
    return [{ level: 'ok', message: `A proxy at ${from.join(', ')} is believed.` }]
  return [
    {
      level: 'warning',
      message: `Every program on this machine can say who it is, for ${local.join(', ')} is believed.`,
      remedy: 'Give the proxy a secret: http.auth.proxy.secret.',
    },
  ]
}
