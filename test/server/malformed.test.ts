import { expect, test, vi } from 'vitest'
import { makeDatabase } from '../support/scratch.ts'
import { RawServer } from '../support/serve.ts'

const ping = '{"jsonrpc":"2.0","id":5,"method":"ping"}'
const call = (params: string): string =>
  `{"jsonrpc":"2.0","id":5,"method":"tools/call","params":${params}}`

/** What a line is answered with: id and code, or nothing at all. */
const lines: readonly (readonly [string, string | number | null, number] | readonly [string])[] = [
  ['garbage', null, -32_700],
  ['{"jsonrpc":"2.0","id":5,"me', null, -32_700],
  [`${ping}${ping}`, null, -32_700],
  ['['.repeat(100_000), null, -32_700],
  ['\u0000', null, -32_700],
  [`[${ping},${ping}]`, null, -32_600],
  ['[]', null, -32_600],
  ['null', null, -32_600],
  ['"x"', null, -32_600],
  ['{}', null, -32_600],
  ['{"a":1}', null, -32_600],
  ['{"jsonrpc":"1.0","id":5,"method":"ping"}', 5, -32_600],
  ['{"id":"x","method":"ping"}', 'x', -32_600],
  ['{"jsonrpc":"2.0","id":5}', 5, -32_600],
  ['{"jsonrpc":"2.0","id":5,"method":7}', 5, -32_600],
  ['{"jsonrpc":"2.0","id":null,"method":"ping"}', null, -32_600],
  ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 1.5, -32_600],
  ['{"jsonrpc":"2.0","id":{},"method":"ping"}', null, -32_600],
  [call('[1]'), 5, -32_600],
  [call('{"name":7}'), 5, -32_602],
  [call('{}'), 5, -32_602],
  [call('{"name":"query_database","arguments":"SELECT 1"}'), 5, -32_602],
  [call('{"name":"query_database","arguments":[1]}'), 5, -32_602],
  [call('{"name":"query_database","arguments":null}'), 5, -32_602],
  [call('{"name":"query_databse","arguments":{}}'), 5, -32_602],
  [call(`{"name":"${'ab'.repeat(500_000)}","arguments":{}}`), 5, -32_602],
  ['{"jsonrpc":"2.0","id":5,"method":"nosuch"}', 5, -32_601],
  ['{"jsonrpc":"2.0","id":5,"method":"__proto__"}', 5, -32_601],
  ['{"jsonrpc":"2.0","method":"notifications/cancelled","params":[1]}'],
  ['{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}'],
  ['{"jsonrpc":"2.0","id":77,"result":7}'],
  ['{"jsonrpc":"2.0","id":77,"error":"x"}'],
  ['   '],
]

test('each malformed line is answered as JSON-RPC says, and the next question is', async () => {
  const server = new RawServer(makeDatabase('SELECT 1'))
  await server.initialize()
  for (const [index, [line, id, code]] of lines.entries()) {
    const before = server.lines.length
    server.send(line)
    const next = 1000 + index
    expect(await server.query(next, 'SELECT 1')).toMatchObject({ result: {} })
    // A quick answer may overtake another one.
    const most = code === undefined ? 1 : 2
    await vi.waitFor(() => expect(server.lines.length).toBe(before + most), 10_000)
    const answers = server.lines
      .slice(before)
      .map((text) => JSON.parse(text) as { readonly id: unknown })
      .filter((answer) => answer.id !== next)
    const shown = line.slice(0, 100)
    const expected = code === undefined ? [] : [{ jsonrpc: '2.0', id, error: { code } }]
    expect({ shown, answers }).toMatchObject({ shown, answers: expected })
    expect(JSON.stringify(answers).length).toBeLessThan(1000)
    expect(JSON.stringify(answers)).not.toMatch(/\\n|Zod|invalid_type/)
  }
  expect(server.stderr).toBe('')
}, 30_000)

test('a byte order mark and Windows line ends are read over', async () => {
  const server = new RawServer(makeDatabase('SELECT 1'))
  await server.initialize()
  server.send(`\uFEFF${ping}\r`)
  expect(await server.answerTo(5)).toEqual({ jsonrpc: '2.0', id: 5, result: {} })
})

test('three hundred questions at once are all answered, and nothing is said on stderr', async () => {
  const server = new RawServer(makeDatabase('SELECT 1'))
  await server.initialize()
  const params = { name: 'query_database', arguments: { query: 'SELECT 1' } }
  for (let id = 1; id <= 300; id++)
    server.send({ jsonrpc: '2.0', id, method: 'tools/call', params })
  await vi.waitFor(() => expect(server.lines.length).toBe(301), 20_000)
  for (const line of server.lines.slice(1)) expect(line).toMatch(/"rows"|"job"|too_busy/)
  expect(server.stderr).toBe('')
}, 30_000)
