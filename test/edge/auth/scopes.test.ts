import { describe, expect, test } from 'vitest'
import type { AppError } from '../../../dist/base/error.js'
import { makeDoor, refusal, trusting, bearing } from '../../support/door.ts'
import { Issuer } from '../../support/issuer.ts'

const scopes = {
  'data:read': { tools: ['query_database'], sources: ['shop'] },
  'data:schema': { tools: ['get_schema'], sources: ['shop', 'archive'] },
  'data:all': { tools: 'all', sources: 'all' },
} as const

test('an actor may do what the scopes of the token open together', async () => {
  const issuer = await Issuer.start()
  const door = makeDoor(trusting(issuer, { scopes }))
  const opened = async (claims: Record<string, unknown>) => {
    const { tools, sources } = await door.admit(bearing(await issuer.sign(claims)))
    return { tools, sources }
  }
  expect(await opened({ scope: 'openid data:schema data:read' })).toEqual({
    tools: ['query_database', 'get_schema'],
    sources: ['shop', 'archive'],
  })
  expect(await opened({ scope: undefined, scp: ['data:read'] })).toEqual(scopes['data:read'])
  expect(await opened({ scope: undefined, scp: 'data:schema' })).toEqual(scopes['data:schema'])
  expect(await opened({ scope: 'data:read data:all' })).toEqual({ tools: 'all', sources: 'all' })
})

describe('roles', () => {
  test.each([
    ['roles', { roles: ['data:read'] }],
    ['realm_access.roles', { realm_access: { roles: ['data:read'] } }],
    ['https://acme.example/roles', { 'https://acme.example/roles': ['data:read'] }],
  ])('of %s count instead of scopes, and nobody is told to ask for one', async (claim, claims) => {
    const issuer = await Issuer.start()
    const door = makeDoor(trusting(issuer, { scopes, scopeClaims: [claim] }))
    const actor = await door.admit(bearing(await issuer.sign(claims)))
    expect(actor.tools).toEqual(['query_database'])
    expect(door.missingScopes(actor, 'get_schema')).toEqual([])
    expect(door.metadata).not.toHaveProperty('scopes_supported')
    expect((await refusal(door, bearing(await issuer.sign()))).code).toBe('not_allowed')
  })
})

test('a scope of Entra is asked for by its long name and comes by its short one', async () => {
  const issuer = await Issuer.start()
  const long = { 'api://0a1b/read': scopes['data:read'] }
  const door = makeDoor(trusting(issuer, { scopes: long }))
  const actor = await door.admit(bearing(await issuer.sign({ scope: undefined, scp: 'read' })))
  expect(actor.tools).toEqual(['query_database'])
  expect(door.metadata).toMatchObject({ scopes_supported: ['api://0a1b/read'] })
})

test.each([{ scope: 'openid' }, { scope: undefined }, { scope: 7 }, { scope: 'data:readx' }])(
  'a token whose scopes open nothing is turned away with those that would: %j',
  async (claims) => {
    const issuer = await Issuer.start()
    const door = makeDoor(trusting(issuer, { scopes }))
    const error = await door
      .admit(bearing(await issuer.sign(claims)))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'not_allowed' })
    expect(door.challenge(error as AppError)).toMatch(
      /^Bearer error="insufficient_scope", .*scope="data:read data:schema data:all", resource_metadata=/,
    )
  },
)

test('for a tool that is closed, a client asks at once for what it has and what it needs', async () => {
  const issuer = await Issuer.start()
  const door = makeDoor(trusting(issuer, { scopes }))
  const actor = await door.admit(bearing(await issuer.sign()))
  expect(door.missingScopes(actor, 'get_schema')).toEqual(['data:read', 'data:schema'])
  expect(door.missingScopes(actor, 'query_database')).toEqual([])
  expect(door.missingScopes({ ...actor, id: 'token:ana' }, 'get_schema')).toEqual([])
})
