import type { Arrival, Door } from '../../dist/edge/door.js'
import { createDoor } from '../../dist/edge/auth/create-door.js'
import type { AuthOptions, JwtOptions } from '../../dist/edge/auth/options.js'
import { audience, type Issuer } from './issuer.ts'

/** A door, and what it told the person who runs it. */
export function makeDoor(auth: AuthOptions): Door & { readonly told: string[] } {
  const told: string[] = []
  const tell = (message: string): void => void told.push(message)
  return { ...createDoor({ auth, resource: audience, tell }), told }
}

export const arrive = (
  headers: Readonly<Record<string, string>> = {},
  address = '192.0.2.7',
): Arrival => ({ header: (name) => headers[name], address })

export const bearing = (token: string): Arrival => arrive({ authorization: `Bearer ${token}` })

/** What the door says to one who is not let in. */
export const refusal = (door: Door, arrival: Arrival): Promise<{ code: string; message: string }> =>
  door.admit(arrival).then(
    () => ({ code: 'admitted', message: '' }),
    ({ code, message }: { code: string; message: string }) => ({ code, message }),
  )

export const trusting = (issuer: Issuer, change: Partial<JwtOptions> = {}): AuthOptions => ({
  jwt: {
    issuer: issuer.url,
    jwks: undefined,
    audiences: [audience],
    algorithms: ['RS256', 'ES256'],
    clockSkewMs: 30_000,
    actorClaim: 'sub',
    scopeClaims: ['scope', 'scp'],
    scopes: { 'data:read': { tools: ['query_database'], sources: ['shop'] } },
    ...change,
  },
})
