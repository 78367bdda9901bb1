import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { onTestFinished } from 'vitest'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

type Values = Readonly<Record<string, unknown>>

interface Key {
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

/** A real OpenID provider, as far as a resource server sees one. */
export class Issuer {
  readonly url: string
  /** Paths that were asked for, in order. */
  readonly asked: string[] = []
  /** What it answers to a path, instead of what is usual. */
  readonly answers = new Map<string, Answer>()
  /** Scopes that a client gets if it asks for them. */
  granted: readonly string[] = []
  readonly #close: () => void
  #keys: readonly Key[] = []

  private constructor(url: string, close: () => void) {
    this.url = url
    this.#close = close
  }

  static async start(): Promise<Issuer> {
    const server = createServer((request, response) => issuer.#answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const issuer = new Issuer(`http://127.0.0.1:${port}`, () => {
      server.close()
      server.closeAllConnections()
    })
    onTestFinished(() => issuer.stop())
    await issuer.rotate('first')
    return issuer
  }

  /** From now on it signs with this key, and knows no other. */
  async rotate(kid: string, alg = 'ES256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    this.#keys = [{ privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }]
  }

  get key(): Key {
    const [key] = this.#keys
    if (key === undefined) throw new Error('the issuer has no key')
    return key
  }

  /** A token as it should be, but for the claims that are given. */
  sign(claims: Values = {}, header: Values = {}): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000)
    const usual = {
      iss: this.url,
      aud: audience,
      sub: 'ana',
      scope: 'data:read',
      iat: seconds,
      exp: seconds + 300,
    }
    const payload = Object.fromEntries(
      Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined),
    )
    const { kid = '', alg = '' } = this.key.jwk
    return new SignJWT(payload)
      .setProtectedHeader({ alg, kid, ...header })
      .sign(this.key.privateKey)
  }

  stop(): void {
    this.#close()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/'
    this.asked.push(path)
    const answer = this.answers.get(path) ?? this.#usual(path)
    answer(request, response)
  }

  /** A token for whatever is asked for, as far as it is granted (RFC 6749 §4.4). */
  async #grant(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request))
    const asked = form.get('scope')?.split(' ') ?? []
    const scope = asked.filter((name) => this.granted.includes(name)).join(' ')
    const token = await this.sign({ aud: form.get('resource'), scope })
    json({ access_token: token, token_type: 'Bearer', expires_in: 300, scope })(request, response)
  }

  #usual(path: string): Answer {
    if (path === '/.well-known/openid-configuration')
      return json({
        issuer: this.url,
        jwks_uri: `${this.url}/keys`,
        authorization_endpoint: `${this.url}/authorize`,
        token_endpoint: `${this.url}/token`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        grant_types_supported: ['client_credentials'],
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
        code_challenge_methods_supported: ['S256'],
      })
    if (path === '/token') return (request, response) => void this.#grant(request, response)
    if (path === '/keys') return json({ keys: this.#keys.map(({ jwk }) => jwk) })
    return (_, response) => void response.writeHead(404).end()
  }
}

/** What the tokens of an issuer are for. */
export const audience = 'https://data.example/mcp'

export const json =
  (value: unknown): Answer =>
  (_, response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
