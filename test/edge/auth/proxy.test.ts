import { describe, expect, test } from 'vitest'
import type { ProxyOptions } from '../../../dist/edge/auth/options.js'
import { arrive, makeDoor, refusal } from '../../support/door.ts'

const doorFor = (change: Partial<ProxyOptions> = {}) =>
  makeDoor({
    proxy: {
      from: ['10.0.0.0/8', '::1'],
      actorHeader: 'X-Vitrine-Actor',
      toolsHeader: undefined,
      secretHeader: 'X-Vitrine-Secret',
      secret: undefined,
      grant: { tools: ['query_database', 'get_schema'], sources: ['shop'] },
      ...change,
    },
  })

const ana = { 'x-vitrine-actor': 'ana@acme.example' }

test.each(['10.1.2.3', '::1', '::ffff:10.1.2.3'])('a proxy at %s is believed', async (address) => {
  expect(await doorFor().admit(arrive(ana, address))).toEqual({
    id: 'proxy:ana@acme.example',
    claims: { sub: 'ana@acme.example' },
    tools: ['query_database', 'get_schema'],
    sources: ['shop'],
  })
})

test.each(['11.0.0.1', '::2', '::ffff:11.0.0.1', 'fe80::1%eth0', '', 'unix:'])(
  'anybody else who says the same is nobody: %j',
  async (address) => {
    expect((await refusal(doorFor(), arrive(ana, address))).code).toBe('unauthenticated')
  },
)

test.each(['ana, root', 'ana,root', 'a b', '', 'ána', 'x'.repeat(201)])(
  'a name that may be two, or none, is refused: %j',
  async (name) => {
    const arrival = arrive({ 'x-vitrine-actor': name }, '::1')
    expect((await refusal(doorFor(), arrival)).code).toBe('unauthenticated')
  },
)

describe('a secret', () => {
  const door = doorFor({ secret: 'a long enough secret' })
  test.each([{}, { 'x-vitrine-secret': 'a long enough secreT' }, { 'x-vitrine-secret': '' }])(
    'that is not sent lets nobody in: %j',
    async (sent) => {
      expect((await refusal(door, arrive({ ...ana, ...sent }, '::1'))).code).toBe('unauthenticated')
    },
  )

  test('that is sent does', async () => {
    const arrival = arrive({ ...ana, 'x-vitrine-secret': 'a long enough secret' }, '::1')
    expect((await door.admit(arrival)).id).toBe('proxy:ana@acme.example')
  })
})

test.each([
  ['get_schema', ['get_schema']],
  [' get_schema , drop_table ,', ['get_schema']],
  [undefined, []],
  ['all', []],
])('a header of tools narrows what is open and never widens it: %j', async (header, tools) => {
  const door = doorFor({ toolsHeader: 'X-Vitrine-Tools' })
  const sent = header === undefined ? ana : { ...ana, 'x-vitrine-tools': header }
  expect((await door.admit(arrive(sent, '::1'))).tools).toEqual(tools)
})
