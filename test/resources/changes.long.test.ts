import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { expect, test, vi } from 'vitest'
import { serveHere } from '../support/serve-here.ts'
import {
  connectHere,
  connectHttp,
  connectSse,
  connectStdio,
  makeShop,
  modern,
} from '../support/offers.ts'

const more = `resources: { handbook: { folder: ./handbook } }\nhttp: { legacy_sse: true }\n`
const watched = 'vitrine://handbook/a.md'

interface Heard {
  readonly updated: string[]
  lists: number
}

/** What a client hears from now on. */
function hear(client: Client): Heard {
  const heard: Heard = { updated: [], lists: 0 }
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.updated.push(params.uri)
  })
  client.setNotificationHandler('notifications/resources/list_changed', () => {
    heard.lists += 1
  })
  return heard
}

/** Writes until it is heard of: when the watching has begun, nobody says. */
async function writeUntil(write: (round: number) => void, isHeard: () => boolean): Promise<void> {
  let round = 0
  await vi.waitFor(
    () => {
      write((round += 1))
      if (!isHeard()) throw new Error('Nothing was heard.')
    },
    { timeout: 20_000, interval: 300 },
  )
}

type Connect = (config: string) => Promise<Client>

const http = (config: string): Promise<URL> => serveHere({ config })

test.each<[string, Connect, 'listen' | 'subscribe']>([
  ['2026-07-28 over stdio', (config) => connectStdio(config), 'listen'],
  ['an older revision over stdio', (config) => connectStdio(config, 'legacy'), 'subscribe'],
  ['2026-07-28 over HTTP', async (config) => connectHttp(await http(config), modern), 'listen'],
  ['HTTP+SSE', async (config) => connectSse(await http(config)), 'subscribe'],
])('a client is told of files that change, come and go: %s', async (_name, connect, how) => {
  const config = makeShop(more, { 'handbook/a.md': '', 'handbook/b.md': '' })
  const folder = join(dirname(config), 'handbook')
  const client = await connect(config)
  const heard = hear(client)
  if (how === 'subscribe') await client.subscribeResource({ uri: watched })
  else await client.listen({ resourcesListChanged: true, resourceSubscriptions: [watched] })
  await writeUntil(
    (round) => {
      writeFileSync(join(folder, 'a.md'), 'x'.repeat(round))
      writeFileSync(join(folder, 'b.md'), 'x'.repeat(round))
    },
    () => heard.updated.length > 0,
  )
  expect(new Set(heard.updated)).toEqual(new Set([watched]))
  mkdirSync(join(folder, 'below'), { recursive: true })
  await writeUntil(
    (round) => writeFileSync(join(folder, 'below', `${round}.md`), ''),
    () => heard.lists > 0,
  )
  const lists = heard.lists
  rmSync(join(folder, 'b.md'))
  await vi.waitFor(() => expect(heard.lists).toBeGreaterThan(lists), { timeout: 20_000 })
})

test('what never changes cannot be subscribed to, nor what is not there', async () => {
  const client = await connectStdio(makeShop(more, { 'handbook/a.md': '' }), 'legacy')
  for (const uri of ['vitrine://shop/schema', 'vitrine://elsewhere/a.md', 'file:///etc/passwd'])
    await expect(client.subscribeResource({ uri })).rejects.toMatchObject({ code: -32_602 })
})

test('nothing is promised where nothing can be told', async () => {
  const config = makeShop(more, { 'handbook/a.md': '' })
  const alone = await connectHttp(await http(config), 'legacy')
  expect(alone.getServerCapabilities()).toMatchObject({ resources: {} })
  expect(alone.getServerCapabilities()?.resources).toEqual({})
  const still = await connectHere(makeShop(''))
  expect(still.getServerCapabilities()?.resources).toEqual({})
})
