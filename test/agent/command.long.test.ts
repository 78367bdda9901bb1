import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type FakeScript, startFakeMessagesApi } from '../../dist/testing/messages-api/index.js'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { filesystem } from './servers.ts'
import { says, use } from './support.ts'

const query = { query: 'SELECT max(a) AS "most" FROM t' }
const database = () => makeDatabase('CREATE TABLE t (a); INSERT INTO t VALUES (41), (42)')

async function askFake(script: FakeScript, args: readonly string[]) {
  const api = await startFakeMessagesApi(script)
  onTestFinished(api.close)
  const env = { ...process.env, ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: 'test' }
  return { ...(await vitrine(args, { env })), api }
}

test('ask answers on stdout, and tells calls and cost on stderr', async () => {
  const script = [{ content: [use('vitrine__query_database', query)] }, says('It is 42.')]
  const { code, stdout, stderr } = await askFake(script, ['ask', 'What is most?', database()])
  expect([code, stdout]).toEqual([0, 'It is 42.\n'])
  expect(stderr).toMatch(/→ vitrine › query_database .*\n← vitrine › query_database: 1 row, /)
  expect(stderr).toMatch(/2 requests, \d+ tokens in \(\d+ % from the cache\), \d+ out: \$0\.0\d+\n/)
  expect(stderr).toMatch(/The same tokens elsewhere: claude-haiku-5-5 \$0\.0\d+, claude-sonnet-5-5/)
})

test('ask --json is one value for programs, and --quiet the answer alone', async () => {
  const script = [says('Hi')]
  const asJson = await askFake(script, ['ask', 'x', database(), '--json', '--max-usd', '1'])
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    status: 'answered',
    text: 'Hi',
    turns: 1,
    bill: { usd: expect.stringMatching(/^0\.0/), unpriced: [] },
  })
  const quiet = await askFake(script, ['ask', 'x', database(), '--quiet'])
  expect([quiet.code, quiet.stdout, quiet.stderr]).toEqual([0, 'Hi\n', ''])
})

test('ask ends with 1 where there is no whole answer, and with 2 where it is used wrongly', async () => {
  const cut = await askFake(
    [{ ...says('So'), stop_reason: 'max_tokens' }],
    ['ask', 'x', database()],
  )
  expect(cut.code).toBe(1)
  const unpriced = ['ask', 'x', database(), '--model', 'nobody', '--max-usd', '1']
  expect((await askFake([], unpriced)).code).toBe(2)
  expect((await vitrine(['ask', 'x', '--max-turns', '0'])).code).toBe(2)
  expect((await vitrine(['ask', 'x', '--resume'])).code).toBe(2)
  expect((await vitrine(['chat', database()])).stderr).toMatch(/needs a terminal/)
})

test('ask --output-schema ends with 1 where the answer does not fit, and says what does not', async () => {
  const schema = join(scratchFolder(), 'schema.json')
  const shape = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
  writeFileSync(schema, JSON.stringify(shape))
  const flags = ['ask', 'x', database(), '--output-schema', schema]
  const fits = await askFake([says('{"n":1}')], flags)
  expect([fits.code, fits.stdout]).toEqual([0, '{"n":1}\n'])
  const text = await askFake([says('{"n":"x"}')], [...flags, '--quiet'])
  expect([text.code, text.stderr]).toEqual([
    1,
    'The answer is not in the shape that was asked for: expected a whole number at n.\n',
  ])
  const json = await askFake([says('One')], [...flags, '--json'])
  expect(json.code).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({
    status: 'misshapen',
    reason: 'it is no JSON',
    text: 'One',
  })
  writeFileSync(schema, '{"type":"objekt"}')
  expect((await runHere(flags)).code).toBe(2)
})

test('without a key that is what is said, and nothing is tried again', async () => {
  const { ANTHROPIC_API_KEY: _key, ...env } = process.env
  const home = { HOME: scratchFolder(), XDG_CONFIG_HOME: scratchFolder() }
  const { code, stderr } = await vitrine(['ask', 'x', database()], { env: { ...env, ...home } })
  expect(code).toBe(1)
  expect(stderr).toMatch(/There is no key/)
  expect(stderr).not.toMatch(/again in/)
})

test('a run without a key, with a script; its transcript is shown and gone on with', async () => {
  const folder = scratchFolder()
  const [script, transcript] = [join(folder, 'script.json'), join(folder, 'run.jsonl')]
  const turns = [{ content: [use('vitrine__query_database', query)] }, says('It is 42.')]
  writeFileSync(script, JSON.stringify(turns))
  const flags = ['--script', script, '--transcript', transcript]
  const { stdout } = await vitrine(['ask', 'Most?', database(), ...flags])
  expect(stdout).toBe('It is 42.\n')
  writeFileSync(script, JSON.stringify([says('I said 42.')]))
  expect((await vitrine(['ask', 'And?', database(), ...flags, '--resume'])).code).toBe(0)
  const shown = await runHere(['transcript', 'show', transcript])
  expect(shown.code).toBe(0)
  expect(shown.stdout).toMatch(/> Most\?[^]*→ vitrine › query_database[^]*> And\?\nI said 42\./)
  const json = await runHere(['transcript', 'show', transcript, '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ decisions: 1, calls: 1, contradictions: [] })
})

test('servers of a file, and facts about them; without a person nothing is written', async () => {
  const folder = scratchFolder()
  const { reach } = filesystem(folder)
  if (reach.kind !== 'stdio') throw new Error('not over stdio')
  const servers = join(folder, '.mcp.json')
  const { command } = reach
  const args = reach.args.map((arg) => (arg === folder ? '${DATA}' : arg))
  writeFileSync(servers, JSON.stringify({ mcpServers: { files: { command, args } } }))
  const facts = join(folder, 'facts.yaml')
  writeFileSync(facts, 'files:\n  tools:\n    list_directory: { read_only: true, egress: false }\n')
  const script = join(folder, 'script.json')
  const path = join(folder, 'new.txt')
  const turns = [
    { content: [use('files__list_directory', { path: folder })] },
    { content: [use('files__write_file', { path, content: 'x' })] },
    says('Done'),
  ]
  writeFileSync(script, JSON.stringify(turns))
  const env = { ...process.env, DATA: folder }
  const flags = ['--servers', servers, '--facts', facts, '--script', script]
  const { code, stderr } = await vitrine(['ask', 'Write', ...flags], { env, cwd: folder })
  expect(code).toBe(0)
  expect(stderr).toMatch(/list_directory \{.*\}\n/)
  expect(stderr).toMatch(/write_file .*\(not allowed\)/)
  expect(() => readFileSync(path)).toThrow(/ENOENT/)
  writeFileSync(facts, 'fiels: { trusted: true }\n')
  const wrong = await vitrine(['ask', 'Write', ...flags], { env, cwd: folder })
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/Did you mean "files"/)])
})

test('what models cost by a file of one’s own is what the bill and the comparison say', async () => {
  const folder = scratchFolder()
  const [prices, script] = [join(folder, 'prices.yaml'), join(folder, 'script.json')]
  writeFileSync(
    prices,
    'scripted: { input: 1000, output: 0 }\nclaude-opus-5-5: { input: 9, output: 0 }\n',
  )
  const usage = { input_tokens: 1000, output_tokens: 1 }
  writeFileSync(script, JSON.stringify([{ ...says('Hi'), usage }]))
  const flags = ['--script', script, '--prices', prices, '--max-usd', '20']
  const { code, stderr } = await vitrine(['ask', 'Hello', ...flags], { cwd: folder })
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/: \$1\.00\n[^]*opus-5-5 \$0\.009[,\n]/),
  ])
  writeFileSync(prices, 'scripted: { input: 1000, outputs: 0 }\n')
  expect((await runHere(['ask', 'Hello', ...flags])).code).toBe(2)
})

test('a config that is wrong ends ask, and what a server said before it ended is told', async () => {
  const folder = scratchFolder()
  const [config, servers, script] = ['vitrine.yaml', 'mcp.json', 'script.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  writeFileSync(config, 'sources:\n  shop:\n    urll: x\n')
  writeFileSync(script, JSON.stringify([says('Hi')]))
  const wrong = await runHere(['ask', 'Hello', config, '--script', script])
  expect([wrong.code, wrong.stdout]).toEqual([2, ''])
  expect(wrong.stderr).toMatch(/urll/)
  const dead = {
    command: process.execPath,
    args: ['-e', 'console.error("no licence"); process.exit(3)'],
  }
  writeFileSync(servers, JSON.stringify({ mcpServers: { dead } }))
  const { code, stderr } = await vitrine(['ask', 'Hello', '--servers', servers, '--script', script])
  expect([code, stderr]).toEqual([0, expect.stringMatching(/Not used: dead: [^]*no licence/)])
})

test('with a file of pins a definition that changed since the last run is not used', async () => {
  const folder = scratchFolder()
  const [pins, script] = [join(folder, 'pins.json'), join(folder, 'script.json')]
  writeFileSync(script, JSON.stringify([says('Hi')]))
  const flags = ['--pins', pins, '--script', script]
  const first = await vitrine(['ask', 'x', database(), ...flags])
  expect([first.code, first.stderr]).toEqual([0, expect.not.stringMatching(/Not used/)])
  const kept = JSON.parse(readFileSync(pins, 'utf8')) as Record<string, Record<string, string>>
  writeFileSync(pins, JSON.stringify({ vitrine: { ...kept['vitrine'], get_schema: 'other' } }))
  const { stderr } = await vitrine(['ask', 'x', database(), ...flags])
  expect(stderr).toMatch(/Not used: vitrine › get_schema: its definition is another/)
  expect(stderr).not.toMatch(/query_database/)
  writeFileSync(pins, 'x')
  expect((await runHere(['ask', 'x', database(), ...flags])).code).toBe(2)
})
