import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { vitrine } from '../../support/command.ts'
import { runHere } from '../../support/command-here.ts'
import { modernCall } from '../../support/http-server.ts'
import { makeDatabase, scratchFolder } from '../../support/scratch.ts'
import { serveHere } from '../../support/serve-here.ts'
import { mainPath, RawServer } from '../../support/serve.ts'
import { type Line, readRecord } from './records.ts'

function makeConfig(more = ''): { config: string; file: string } {
  const database = makeDatabase("CREATE TABLE t(a); INSERT INTO t VALUES ('secret')")
  const config = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { main: { url: 'sqlite:${database}' } }\naudit: { file: ./audit.jsonl${more} }\n`,
  )
  return { config, file: join(dirname(config), 'audit.jsonl') }
}

const key = 'a key of the test'

test('a client over stdio is on record, refused by the guard or not, and the record is whole', async () => {
  const { config, file } = makeConfig(`, key: '${key}'`)
  const server = new RawServer(config)
  await server.initialize()
  await server.query(1, "SELECT a FROM t WHERE a = 'secret'")
  await server.query(2, "DELETE FROM t WHERE a = 'secret'")
  await server.query(3, 'SELECT nope FROM t')
  await server.call(4, 'drop_database', {})
  expect(readRecord(file)).toMatchObject([
    {
      actor: 'local',
      client: 'raw 1',
      transport: 'stdio',
      source: 'main',
      decision: 'allowed',
      rows: 1,
    },
    { decision: 'refused', reason: 'statement_refused' },
    { decision: 'failed', reason: 'unknown_column' },
    { tool: 'drop_database', reason: 'unknown_tool' },
  ])
  expect(readFileSync(file, 'utf8')).not.toContain('secret')
  server.process.stdin.end()
  expect(await server.ended()).toBe(0)
  const env = { ...process.env, AUDIT_KEY: key }
  const verify = ['audit', 'verify', file, '--key-from', 'AUDIT_KEY']
  const whole = await vitrine(verify, { env })
  expect(whole.stdout).toMatch(/✓ whole: 4 lines, 1 to 4 of the chain/)
  expect(whole.code).toBe(0)
  const content = readFileSync(file, 'utf8')
  writeFileSync(file, content.replace('statement_refused', 'statement_allowed'))
  const broken = await vitrine([...verify, '--json'], { env })
  expect(broken.code).toBe(1)
  expect(JSON.parse(broken.stdout)).toMatchObject({
    ok: false,
    chains: [{ broken: { file, line: 2, why: 'changed: the hash is not that of the line' } }],
  })
}, 20_000)

test('a call that the end of the server ended is on record too', async () => {
  const { config, file } = makeConfig()
  const server = new RawServer(config)
  await server.initialize()
  await server.query(1, 'SELECT a FROM t')
  const endless =
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'
  void server.query(2, endless)
  await server.call(3, 'get_schema', {})
  server.process.kill('SIGTERM')
  expect(await server.ended()).toBe(0)
  const record = readRecord(file)
  expect(record.map((line) => line['tool'])).toHaveLength(3)
  expect(record.at(-1)).toMatchObject({ tool: 'query_database', decision: 'cancelled' })
  expect(existsSync(`${file}.lock`)).toBe(false)
})

test('over HTTP calls are limited and on record, and so is who was turned away at the door', async () => {
  const { config, file } = makeConfig()
  appendFileSync(config, 'limits: { per_tool: { query_database: 1/h } }\n')
  const url = await serveHere({ config })
  const meta = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  }
  const query = ['query_database', { query: 'SELECT a FROM t' }] as const
  await (await modernCall(url, query, { meta })).text()
  const refused = await (await modernCall(url, query, { meta })).text()
  expect(refused).toMatch(/"code":"rate_limited".*"retry_after_ms":\d+/)
  const stranger = await fetch(url, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'user-agent': 'evil' },
  })
  expect(stranger.status).toBe(403)
  await vi.waitFor(() => expect(readRecord(file)).toHaveLength(3))
  expect(readRecord(file)).toMatchObject([
    {
      transport: 'http',
      client: 'raw 1',
      trace: meta.traceparent.slice(3, 35),
      decision: 'allowed',
    },
    { transport: 'http', decision: 'refused', reason: 'rate_limited' },
    {
      transport: 'http',
      client: 'evil',
      address: '127.0.0.1',
      decision: 'refused',
      reason: 'not_allowed',
    },
  ])
})

test('a request that breaks off after the door has its actor on record', async () => {
  const { config, file } = makeConfig()
  const url = await serveHere({ config })
  const body = 'x'.repeat(1024 * 1024 + 1)
  expect((await fetch(url, { method: 'POST', body })).status).toBe(413)
  await vi.waitFor(() => expect(readRecord(file)).toHaveLength(1))
  expect(readRecord(file)).toMatchObject([
    { actor: 'local', address: '127.0.0.1', decision: 'refused', reason: 'request_too_large' },
  ])
})

test('the record is shown to a person, newest last, by caller, tool, time and decision', async () => {
  const { config, file } = makeConfig()
  for (const statement of ['SELECT a FROM t', 'DROP TABLE t', 'SELECT a FROM t']) {
    await runHere(['query', config, statement])
  }
  const show = async (...flags: string[]): Promise<readonly Line[]> =>
    JSON.parse((await runHere(['audit', 'show', file, '--json', ...flags])).stdout) as Line[]
  expect((await show()).map((line) => line['seq'])).toEqual([1, 2, 3])
  expect((await show('--last', '1')).map((line) => line['seq'])).toEqual([3])
  expect((await show('--refused')).map((line) => line['seq'])).toEqual([2])
  expect(await show('--actor', 'nobody')).toEqual([])
  expect(await show('--tool', 'query_database', '--since', '1h')).toHaveLength(3)
  expect(await show('--since', '2999-01-01')).toEqual([])
  writeFileSync(file.replace('.jsonl', '.2.jsonl'), readFileSync(file))
  const both = [file.replace('.jsonl', '.2.jsonl'), '--last', '4']
  expect((await show(...both)).map((line) => line['seq'])).toEqual([2, 2, 3, 3])
  const { stdout } = await vitrine(['audit', 'show', file])
  expect(stdout).toMatch(/local +query_database +main +refused +statement_refused/)
  expect((await runHere(['audit', 'show', file, '--since', 'long ago'])).code).toBe(2)
})

test('a file that is not there is wrong usage, and so is a variable that is not set', async () => {
  const { file } = makeConfig()
  expect((await runHere(['audit', 'verify', file])).code).toBe(2)
  writeFileSync(file, '')
  const ran = await runHere(['audit', 'verify', file, '--key-from', 'NOT_SET_ANYWHERE'])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/NOT_SET_ANYWHERE is not set/)
})

/** The system lets no file grow past this: a disk that is full in the middle of a line. */
test.skipIf(platform() !== 'linux')(
  'a disk that is full in the middle of a line ends no answer unrecorded, and the chain stays whole',
  async () => {
    const { config, file } = makeConfig()
    const run = `ulimit -f 16; exec "${process.execPath}" "${mainPath}" serve "${config}"`
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' }
    const child = spawn('sh', ['-c', run], { stdio: ['pipe', 'pipe', 'ignore'], env })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const ask = async (id: number, method: string, params: object): Promise<string> => {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
      const line = await lines.next()
      return String(line.value)
    }
    const clientInfo = { name: 'raw', version: '1' }
    await ask(0, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    let answered = 0
    let last = ''
    for (let id = 1; id < 200 && !last.includes('audit_failed'); id++) {
      const query = { name: 'query_database', arguments: { query: 'SELECT a FROM t' } }
      last = await ask(id, 'tools/call', query)
      if (last.includes('secret')) answered += 1
    }
    expect(last).toContain('audit_failed')
    expect(last).not.toContain('secret')
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    // The next process takes out what was torn, and goes on.
    const next = await runHere(['query', config, 'SELECT a FROM t'])
    expect(next.code).toBe(0)
    const record = readRecord(file)
    const allowed = record.filter((line) => line['transport'] === 'stdio')
    expect(allowed.length).toBeGreaterThanOrEqual(answered)
    expect((await runHere(['audit', 'verify', file])).code).toBe(0)
  },
  30_000,
)
