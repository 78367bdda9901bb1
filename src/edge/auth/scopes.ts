import { type Allowed, allows, type Grant } from '../../base/actor.ts'
import type { JwtOptions } from './options.ts'

type Claims = Readonly<Record<string, unknown>>

/** What the scopes of a token open. */
export interface Scopes {
  /** Those a client may ask the provider for. */
  readonly requestable: readonly string[]
  /** What the scopes in these claims open together; undefined where none of them opens anything. */
  grantOf(claims: Claims): Grant | undefined
  /** What to ask for so that the tool opens and nothing closes that was open; none where nothing would. */
  toOpen(tool: string, claims: Claims): readonly string[]
}

export function createScopes({ scopeClaims, scopes }: JwtOptions): Scopes {
  const names = Object.keys(scopes)
  // A role is given by whoever runs the provider, and not for the asking.
  const requestable = scopeClaims.some((claim) => claim === 'scope' || claim === 'scp') ? names : []
  const granted = (claims: Claims): string[] => {
    const held = new Set(scopeClaims.flatMap((claim) => toNames(claimAt(claims, claim))))
    return names.filter((name) => held.has(name) || held.has(shortName(name)))
  }
  return {
    requestable,
    grantOf: (claims) => union(granted(claims).flatMap((name) => scopes[name] ?? [])),
    toOpen(tool, claims) {
      const held = granted(claims)
      if (held.some((name) => opens(scopes[name], tool))) return []
      const opening = requestable.find((name) => opens(scopes[name], tool))
      return opening === undefined ? [] : [...held, opening]
    },
  }
}

const opens = (grant: Grant | undefined, tool: string): boolean =>
  grant !== undefined && allows(grant.tools, tool)

/** A list, or names with blanks between them (RFC 8693 §4.2). */
function toNames(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ')
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}

/** `https://acme.example/roles` is one claim; `realm_access.roles` leads into another (Keycloak). */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((value, step) => {
    const isMap = typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    return isMap ? (value as Claims)[step] : undefined
  }, claims)
}

/** A client asks Entra for `api://<application>/read`; the token, which is for that application, says `read`. */
const shortName = (name: string): string =>
  name.startsWith('api://') ? name.slice(name.lastIndexOf('/') + 1) : name

function union(grants: readonly Grant[]): Grant | undefined {
  const [first, ...others] = grants
  return (
    first &&
    others.reduce(
      (all, { tools, sources }) => ({
        tools: join(all.tools, tools),
        sources: join(all.sources, sources),
      }),
      first,
    )
  )
}

const join = (one: Allowed, other: Allowed): Allowed =>
  one === 'all' || other === 'all' ? 'all' : [...new Set([...one, ...other])]
