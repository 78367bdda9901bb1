import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBearer } from '../../../dist/edge/auth/bearer.js'
import { toChallenge } from '../../../dist/edge/auth/challenge.js'
import { toMetadataUrl } from '../../../dist/edge/auth/protected-resource.js'
import { AppError } from '../../../dist/base/error.js'
import { arrive, makeDoor, trusting, bearing } from '../../support/door.ts'
import { Issuer } from '../../support/issuer.ts'
import { anyString } from '../../support/any-string.ts'

const caught = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('somebody was let in')),
    (error: AppError) => error,
  )

test('nothing is said of an error to whoever sent no token', async () => {
  const issuer = await Issuer.start()
  const door = makeDoor(trusting(issuer))
  const where =
    'scope="data:read", resource_metadata="https://data.example/.well-known/oauth-protected-resource/mcp"'
  expect(door.challenge(await caught(door.admit(arrive())))).toBe(`Bearer ${where}`)
  expect(door.challenge(await caught(door.admit(bearing('some.bad.token'))))).toBe(
    `Bearer error="invalid_token", error_description="The token is not valid.", ${where}`,
  )
})

test('with static tokens alone there is nowhere to sign in', async () => {
  const door = makeDoor({ tokens: '/nowhere/tokens.yaml' })
  expect(door.metadata).toBeUndefined()
  expect(door.challenge(await caught(door.admit(arrive())))).toBe('Bearer realm="vitrine"')
  expect(door.challenge(await caught(door.admit(bearing('eyJ.eyJ.x'))))).toBe(
    'Bearer error="invalid_token", error_description="The token is not valid."',
  )
})

test('the metadata names the URL as it was typed', async () => {
  const issuer = await Issuer.start()
  expect(makeDoor(trusting(issuer)).metadata).toEqual({
    resource: 'https://data.example/mcp',
    authorization_servers: [issuer.url],
    scopes_supported: ['data:read'],
    bearer_methods_supported: ['header'],
  })
  const well = 'https://data.example/.well-known/oauth-protected-resource'
  expect(toMetadataUrl('https://data.example/team/mcp')).toBe(`${well}/team/mcp`)
  expect(toMetadataUrl('https://data.example')).toBe(well)
  expect(toMetadataUrl('https://data.example:8443/mcp?a=b')).toBe(
    'https://data.example:8443/.well-known/oauth-protected-resource/mcp?a=b',
  )
})

test('a challenge stays one header whatever a message holds', () => {
  fc.assert(
    fc.property(anyString(), (message) => {
      const error = new AppError('not_allowed', message)
      const challenge = toChallenge(error, { metadataUrl: undefined, scopes: ['a', 'b'] })
      expect(challenge).toMatch(
        /^Bearer error="insufficient_scope", error_description="[\x20-\x21\x23-\x5b\x5d-\x7e]*", scope="a b"$/,
      )
    }),
  )
})

test('a token is read whole or refused, and nothing else is taken for one', () => {
  const token = fc.stringMatching(/^[\w.~+/-]{1,100}={0,2}$/)
  const scheme = fc.constantFrom('Bearer', 'bearer', 'BEARER', 'bEaReR')
  fc.assert(
    fc.property(scheme, token, (word, text) => {
      expect(readBearer(`${word} ${text}`)).toBe(text)
      expect(() => readBearer(`${word} ${text}, ${word} ${text}`)).toThrow('not valid')
      expect(() => readBearer(`${word} ${text} ${text}`)).toThrow('not valid')
      expect(readBearer(`Basic ${text}`)).toBeUndefined()
      expect(readBearer(text.replace(/^bearer/i, ''))).toBeUndefined()
    }),
  )
  fc.assert(
    fc.property(anyString(), (text) => {
      expect(codeOrToken(text)).toMatch(/^(?:unauthenticated|none|token [\w.~+/-]+=*)$/)
    }),
  )
})

function codeOrToken(header: string): string {
  try {
    const token = readBearer(header)
    return token === undefined ? 'none' : `token ${token}`
  } catch (error) {
    return (error as AppError).code
  }
}
