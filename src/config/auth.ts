/** The `http.auth` section: who may come in over HTTP, and what is open to them. */
import { isIP } from 'node:net'
import { z } from 'zod'
import type { Grant } from '../base/actor.ts'
import type { AuthOptions } from '../edge/auth/options.ts'
import { eachKey, regardless, text } from './checks.ts'
import { toAbsolute } from './file-url.ts'
import { grant } from './grant.ts'
import { duration } from './quantity.ts'

/** Signatures that the server can check and not make; nothing with a shared secret, and never `none`. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

/** TLS, or this machine; no query and no fragment (RFC 8414 §2). */
const providerPattern =
  /^(?:https:\/\/[^\s?#@]+|http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?(?:\/[^\s?#]*)?)$/

/** RFC 6749 §3.3. What asks for a login that lasts opens nothing here. */
const scopePattern = /^(?!offline_access$)[\x21\x23-\x5b\x5d-\x7e]+$/

const headerPattern = /^[A-Za-z0-9-]+$/
const shortestSecret = 16

const header = (description: string, usual?: string) =>
  z
    .string()
    .regex(headerPattern, 'expected the name of a header')
    .meta({ description, ...(usual === undefined ? {} : { default: usual }) })
    .optional()

const provider = (what: string) =>
  z.string().regex(providerPattern, `expected ${what}, https except on this machine`)

const jwtSchema = z.strictObject({
  issuer: provider('the URL of an issuer').meta({
    description: 'The OpenID provider, to the letter as it stands in `iss` of its tokens.',
    examples: ['https://login.example/realms/acme'],
  }),
  jwks: provider('the URL of a key set')
    .meta({
      description: 'Where its keys are, if it has no discovery document.',
      examples: ['https://login.example/keys.json'],
    })
    .optional(),
  audiences: z
    .array(text(500))
    .min(1, 'expected at least one audience')
    .meta({
      description: 'Names of this server; a token must have one of them in `aud`.',
      examples: [['https://data.example/mcp']],
    }),
  algorithms: z
    .array(z.enum(algorithms))
    .min(1, 'expected at least one algorithm')
    .meta({ description: 'Signatures that are taken.', default: [...algorithms] })
    .optional(),
  clock_skew: duration([0, 300_000], '0s to 300s, such as 30s')
    .meta({ description: 'How far the clocks may be apart.', default: '30s' })
    .optional(),
  actor_claim: text(200)
    .meta({ description: 'The claim that tells people apart.', default: 'sub' })
    .optional(),
  scope_claims: z
    .array(text(200))
    .min(1, 'expected at least one claim')
    .meta({
      description: 'Claims that scopes or roles are read from.',
      default: ['scope', 'scp'],
      examples: [['scope', 'realm_access.roles']],
    })
    .optional(),
  scopes: z
    .record(z.string(), z.strictObject(grant))
    .superRefine(eachKey(scopePattern, 'this is no scope that opens something.'), regardless)
    .refine((scopes) => Object.keys(scopes).length > 0, 'expected at least one scope')
    .meta({
      description: 'What each scope or role opens; a token with none of them is refused.',
      propertyNames: { pattern: scopePattern.source },
      minProperties: 1,
      examples: [{ 'data:read': { tools: 'all', sources: 'all' } }],
    }),
})

const proxySchema = z.strictObject({
  from: z
    .array(z.string().refine(isRange, 'expected an address, or a range such as 10.0.0.0/8'))
    .min(1, 'expected at least one address')
    .meta({
      description: 'Addresses of the proxy; its headers are believed from there alone.',
      examples: [['10.0.0.0/8', '::1']],
    }),
  ...grant,
  actor_header: header('The header that says who asks.', 'X-Vitrine-Actor'),
  tools_header: header('A header that lists the tools open to this request, of those in `tools`.'),
  secret: text(1000)
    .min(shortestSecret, `expected at least ${shortestSecret} characters`)
    .meta({
      description: 'What the proxy must send besides, so that no neighbour can stand in for it.',
      examples: ['${VITRINE_PROXY_SECRET}'],
    })
    .optional(),
  secret_header: header('The header the secret comes in.', 'X-Vitrine-Secret'),
})

export const authSchema = z
  .strictObject({
    tokens: text(4096)
      .meta({
        description: 'The file of static tokens, relative to this one: `vitrine token create`.',
        examples: ['./tokens.yaml'],
      })
      .optional(),
    jwt: jwtSchema.meta({ description: 'Tokens that an OpenID provider signs.' }).optional(),
    proxy: proxySchema.meta({ description: 'A proxy that has asked who somebody is.' }).optional(),
  })
  .refine(
    (auth) => Object.keys(auth).length > 0,
    'expected tokens, jwt or proxy; leave auth out to serve this machine alone',
  )

export type WrittenAuth = z.output<typeof authSchema>

export const toAuth = ({ tokens, jwt, proxy }: WrittenAuth, folder: string): AuthOptions => ({
  tokens: tokens === undefined ? undefined : toAbsolute(tokens, folder),
  jwt: jwt && {
    issuer: jwt.issuer,
    jwks: jwt.jwks,
    audiences: jwt.audiences,
    algorithms: jwt.algorithms ?? algorithms,
    clockSkewMs: jwt.clock_skew ?? 30_000,
    actorClaim: jwt.actor_claim ?? 'sub',
    scopeClaims: jwt.scope_claims ?? ['scope', 'scp'],
    scopes: jwt.scopes,
  },
  proxy: proxy && {
    from: proxy.from,
    actorHeader: proxy.actor_header ?? 'X-Vitrine-Actor',
    toolsHeader: proxy.tools_header,
    secretHeader: proxy.secret_header ?? 'X-Vitrine-Secret',
    secret: proxy.secret,
    grant: { tools: proxy.tools, sources: proxy.sources },
  },
})

/** Everything that `auth` opens, with the way to it. */
export const grantsOf = ({ jwt, proxy }: WrittenAuth): readonly [readonly string[], Grant][] => [
  ...Object.entries(jwt?.scopes ?? {}).map(
    ([scope, opened]) => [['jwt', 'scopes', scope], opened] as [string[], Grant],
  ),
  ...(proxy === undefined ? [] : [[['proxy'], proxy] as [string[], Grant]]),
]

/** No bits at all would be everybody. */
function isRange(written: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/([1-9]\d{0,2}))?$/.exec(written) ?? []
  const version = isIP(address)
  return version !== 0 && Number(bits ?? 1) <= (version === 4 ? 32 : 128)
}
