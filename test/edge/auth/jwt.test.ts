import { type CryptoKey, exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { makeDoor, refusal, trusting, bearing } from '../../support/door.ts'
import { audience, Issuer, json } from '../../support/issuer.ts'

const invalid = { code: 'unauthenticated', message: 'The token is not valid.' }
const seconds = (): number => Math.floor(Date.now() / 1000)

test('a token that the provider signed is an actor with its claims and what its scopes open', async () => {
  const issuer = await Issuer.start()
  const door = makeDoor(trusting(issuer))
  const actor = await door.admit(bearing(await issuer.sign({ tenant: 'acme' })))
  expect(actor).toMatchObject({
    id: `${issuer.url}#ana`,
    claims: { sub: 'ana', tenant: 'acme' },
    tools: ['query_database'],
    sources: ['shop'],
  })
  await door.admit(bearing(await issuer.sign()))
  expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys'])
})

describe('a token is not valid', () => {
  test.each([
    ['for another audience', { aud: 'https://other.example/mcp' }],
    ['without an audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['without an end', { exp: undefined }],
    ['before its time', { nbf: seconds() + 3600 }],
  ])('%s', async (_, claims) => {
    const issuer = await Issuer.start()
    expect(await refusal(makeDoor(trusting(issuer)), bearing(await issuer.sign(claims)))).toEqual(
      invalid,
    )
  })

  test('with no signature, or none that only the provider can make', async () => {
    const issuer = await Issuer.start()
    const door = makeDoor(trusting(issuer))
    const claims = { sub: 'ana', scope: 'data:read' }
    const unsigned = new UnsecuredJWT(claims)
      .setIssuer(issuer.url)
      .setAudience(audience)
      .setExpirationTime('5m')
      .encode()
    expect(await refusal(door, bearing(unsigned))).toEqual(invalid)
    // The public key, which anybody has, used as a shared secret.
    const publicKey = await importJWK(issuer.key.jwk, 'ES256', { extractable: true })
    const secret = new TextEncoder().encode(await exportSPKI(publicKey as CryptoKey))
    const shared = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .setIssuer(issuer.url)
      .setAudience(audience)
      .setExpirationTime('5m')
      .sign(secret)
    expect(await refusal(door, bearing(shared))).toEqual(invalid)
  })

  test('with a key of somebody else, also under the name of the right one', async () => {
    const issuer = await Issuer.start()
    const other = await Issuer.start()
    const door = makeDoor(trusting(issuer))
    const forged = await other.sign({ iss: issuer.url })
    expect(await refusal(door, bearing(forged))).toEqual(invalid)
    const asked = issuer.asked.length
    const pointing = await other.sign({ iss: issuer.url }, { jku: `${other.url}/keys` })
    expect(await refusal(door, bearing(pointing))).toEqual(invalid)
    expect(other.asked).toEqual([])
    expect(issuer.asked.length).toBe(asked)
  })

  test('signed by the provider in a way that the config does not take', async () => {
    const issuer = await Issuer.start()
    await issuer.rotate('second', 'PS256')
    const token = bearing(await issuer.sign())
    expect(await refusal(makeDoor(trusting(issuer)), token)).toEqual(invalid)
    const door = makeDoor(trusting(issuer, { algorithms: ['PS256'] }))
    expect((await door.admit(token)).id).toBe(`${issuer.url}#ana`)
  })

  test('changed by one character', async () => {
    const issuer = await Issuer.start()
    const [head = '', body = '', signature = ''] = (await issuer.sign()).split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url')
    const token = [head, changed, signature].join('.')
    expect(await refusal(makeDoor(trusting(issuer)), bearing(token))).toEqual(invalid)
  })
})

test('an end is told as such, and clocks may be a little apart', async () => {
  const issuer = await Issuer.start()
  const door = makeDoor(trusting(issuer))
  expect(await refusal(door, bearing(await issuer.sign({ exp: seconds() - 60 })))).toEqual({
    code: 'unauthenticated',
    message: 'The token has expired.',
  })
  const late = bearing(await issuer.sign({ exp: seconds() - 5, nbf: seconds() + 10 }))
  expect((await door.admit(late)).id).toBe(`${issuer.url}#ana`)
})

describe('keys', () => {
  test('a new key is known at once, and one that was taken back is not', async () => {
    const issuer = await Issuer.start()
    const door = makeDoor(trusting(issuer))
    const old = bearing(await issuer.sign())
    await door.admit(old)
    await issuer.rotate('second', 'RS256')
    await door.admit(bearing(await issuer.sign()))
    expect(await refusal(door, old)).toEqual(invalid)
  })

  test('tokens with keys that nobody knows do not make the server ask for each', async () => {
    const issuer = await Issuer.start()
    const door = makeDoor(trusting(issuer))
    await door.admit(bearing(await issuer.sign()))
    for (let count = 0; count < 20; count++) {
      const token = await issuer.sign({}, { kid: `unknown-${count}` })
      expect(await refusal(door, bearing(token))).toEqual(invalid)
    }
    expect(issuer.asked.filter((path) => path === '/keys').length).toBe(2)
  })

  test('with a key of an address that is named, nothing is discovered', async () => {
    const issuer = await Issuer.start()
    const door = makeDoor(trusting(issuer, { jwks: `${issuer.url}/keys` }))
    await door.admit(bearing(await issuer.sign()))
    expect(issuer.asked).toEqual(['/keys'])
  })

  test('an authorization server without OpenID is discovered too', async () => {
    const issuer = await Issuer.start()
    const missing = issuer.answers
    missing.set('/.well-known/openid-configuration', (_, response) => response.writeHead(404).end())
    missing.set(
      '/.well-known/oauth-authorization-server',
      json({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }),
    )
    const door = makeDoor(trusting(issuer))
    expect((await door.admit(bearing(await issuer.sign()))).id).toBe(`${issuer.url}#ana`)
  })
})

describe('a provider that cannot be asked lets nobody in, and the log says why', () => {
  const unavailable = {
    code: 'source_unavailable',
    message: 'The sign-in service cannot be reached to check the token.',
  }

  test.each<[string, (issuer: Issuer) => void, RegExp]>([
    // One that is down: a port that nobody has any more may be another test's by then.
    [
      'that hangs up',
      ({ answers }) => answers.set('/keys', (_, response) => response.destroy()),
      /fetch failed: (?:other side closed|read ECONNRESET)/,
    ],
    [
      'of another name',
      ({ answers, url }) =>
        answers.set(
          '/.well-known/openid-configuration',
          json({ issuer: 'https://evil.example', jwks_uri: `${url}/keys` }),
        ),
      /calls itself "https:\/\/evil\.example"/,
    ],
    [
      'with keys that travel in the open',
      ({ answers, url }) =>
        answers.set(
          '/.well-known/openid-configuration',
          json({ issuer: url, jwks_uri: 'http://keys.example/keys' }),
        ),
      /no https URL/,
    ],
    [
      'that sends elsewhere',
      ({ answers, url }) =>
        answers.set('/keys', (_, response) =>
          response.writeHead(302, { location: `${url}/elsewhere` }).end(),
        ),
      /redirect/,
    ],
    [
      'that answers without end',
      ({ answers }) =>
        answers.set('/keys', (_, response) => {
          const more = (): void => {
            while (response.write(Buffer.alloc(65_536, ' ')));
          }
          response.on('drain', more)
          more()
        }),
      /larger than/,
    ],
    ['that never answers', ({ answers }) => answers.set('/keys', () => undefined), /timeout/],
    ['with no keys', ({ answers }) => answers.set('/keys', json({ no: 'keys' })), /malformed/],
  ])('%s', async (_, break_, said) => {
    const issuer = await Issuer.start()
    const token = bearing(await issuer.sign())
    break_(issuer)
    const door = makeDoor(trusting(issuer))
    expect(await refusal(door, token)).toEqual(unavailable)
    // It is left alone for a while, and told of once.
    const asked = issuer.asked.length
    expect(await refusal(door, token)).toEqual(unavailable)
    expect(issuer.asked.length).toBe(asked)
    expect(door.told).toEqual([expect.stringMatching(said)])
  })

  test('once its keys are known it may rest', async () => {
    const issuer = await Issuer.start()
    const door = makeDoor(trusting(issuer))
    await door.admit(bearing(await issuer.sign()))
    issuer.stop()
    expect((await door.admit(bearing(await issuer.sign({ sub: 'bob' })))).id).toBe(
      `${issuer.url}#bob`,
    )
  })
})

test('who it is may stand in another claim; a token without it is nobody', async () => {
  const issuer = await Issuer.start()
  const door = makeDoor(trusting(issuer, { actorClaim: 'preferred_username' }))
  const named = bearing(await issuer.sign({ preferred_username: 'ana.k' }))
  expect((await door.admit(named)).id).toBe(`${issuer.url}#ana.k`)
  for (const preferred_username of [undefined, '', 7, ['ana'], 'ana\nbob', 'a'.repeat(257)])
    expect(await refusal(door, bearing(await issuer.sign({ preferred_username })))).toEqual({
      code: 'not_allowed',
      message: 'The token does not say whose it is: it has no preferred_username.',
    })
})
