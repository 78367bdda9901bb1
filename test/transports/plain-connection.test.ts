import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server'
import { expect, test, vi } from 'vitest'
import { handshakeRevisions } from '../../dist/server/plain-request.js'
import type { DeclaredSource } from '../../dist/tools/served-source.js'
import {
  endless,
  initialize,
  initialized,
  openBothWays,
  request,
  select,
} from '../support/plain-ways.ts'

test('the revisions with a handshake are those of the protocol library', () => {
  expect(handshakeRevisions).toEqual(SUPPORTED_PROTOCOL_VERSIONS)
})

test('handshake, list and calls need no library; what else is asked wakes it, and it knows of the handshake', async () => {
  const { short, loaded } = openBothWays()
  const client = short()
  client.send(initialize(), initialized, request(1, 'tools/list'), request(2, 'tools/call', select))
  expect(await client.answer(2)).toMatchObject({ result: { structuredContent: { rows: [[1]] } } })
  expect(loaded()).toBe(0)
  client.send(request(3, 'resources/list'), request(4, 'prompts/list'))
  expect(await client.answer(3)).toMatchObject({ result: { resources: expect.any(Array) } })
  expect(await client.answer(4)).toMatchObject({ result: { prompts: expect.any(Array) } })
  expect(loaded()).toBe(1)
  client.send(request(5, 'tools/call', select))
  await client.answer(5)
  expect(client.told).toHaveLength(6)
})

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

test('a client of 2026-07-28 needs no library for its list and its calls either', async () => {
  const { short, loaded } = openBothWays()
  const client = short()
  client.send(request(0, 'server/discover', { _meta: envelope }))
  client.send(request(1, 'tools/list', { _meta: envelope }))
  client.send(request(2, 'tools/call', { ...select, _meta: envelope }))
  expect(await client.answer(2)).toMatchObject({
    result: { resultType: 'complete', structuredContent: { rows: [[1]] } },
  })
  expect(loaded()).toBe(0)
  client.send(request(3, 'prompts/list', { _meta: envelope }))
  expect(await client.answer(3)).toMatchObject({ result: { prompts: expect.any(Array) } })
  expect(client.told).toHaveLength(4)
})

test('a call that is cancelled ends, and is not answered', async () => {
  const { short } = openBothWays()
  const client = short()
  const asked = Date.now()
  client.send(initialize(), initialized)
  client.send(request(1, 'tools/call', { name: 'query_database', arguments: { query: endless } }))
  client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } })
  client.send(request(2, 'tools/call', select))
  await client.answer(2)
  expect(Date.now() - asked).toBeLessThan(15_000)
  expect(client.told.some(({ id }) => id === 1)).toBe(false)
})

test('a client that asks for progress is told that its call still runs', async () => {
  const { short, loaded } = openBothWays({ limits: { timeoutMs: 1200 } })
  const client = short()
  client.send(initialize(), initialized)
  const params = {
    name: 'query_database',
    arguments: { query: endless },
    _meta: { progressToken: 'p' },
  }
  client.send(request(1, 'tools/call', params))
  expect(await client.answer(1)).toMatchObject({ result: { isError: true } })
  const [told] = client.told.filter((one) => one.method === 'notifications/progress')
  expect(told).toMatchObject({
    params: { progressToken: 'p', progress: 1, message: 'Running for 1 s' },
  })
  expect(loaded()).toBe(0)
})

test('a client is told of another list before the library is there, and after it is', async () => {
  const { app, short } = openBothWays()
  const client = short()
  client.send(initialize(), initialized)
  await client.answer(0)
  const addSource = (name: string): void => {
    const [first] = [...app.sources.values()]
    const all = app.sources as Map<string, DeclaredSource>
    if (first !== undefined) all.set(name, { ...first, name })
    app.lists.tell(['tools'])
  }
  const changes = () => client.told.filter((one) => one.method?.endsWith('list_changed')).length
  addSource('second')
  await vi.waitFor(() => expect(changes()).toBe(1), 10_000)
  client.send(request(1, 'prompts/list'))
  await client.answer(1)
  addSource('third')
  await vi.waitFor(() => expect(changes()).toBe(2), 10_000)
  client.send(request(2, 'tools/list'))
  expect(JSON.stringify(await client.answer(2))).toContain('"enum":["main","second","third"]')
})
