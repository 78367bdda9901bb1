/** What a person at a terminal sees of the agent and says to it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ServerSpec } from '../../dist/agent/index.js'
import { startFakeMessagesApi } from '../../dist/testing/messages-api/index.js'
import { vitrine } from '../support/command.ts'
import { AtTerminal, hasPty, keys } from '../support/pty.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'
import { engines, writeShopConfig } from '../support/writing.ts'
import { callsIn, everything, filesystem, log, odd, tool } from './servers.ts'
import { says, use } from './support.ts'

const shipped = "SELECT id FROM orders WHERE status = 'shipped'"

/** A file of servers and one of answers, as flags. */
function flagsFor(specs: readonly ServerSpec[], turns: readonly object[]): string[] {
  const folder = scratchFolder()
  const [servers, script] = [join(folder, 'mcp.json'), join(folder, 'script.json')]
  const mcpServers = Object.fromEntries(specs.map(({ name, reach }) => [name, reach]))
  writeFileSync(servers, JSON.stringify({ mcpServers }))
  writeFileSync(script, JSON.stringify(turns))
  return ['--servers', servers, '--script', script]
}

/** Later than a yes counts as one that was typed before its question. */
const readsQuestion = (): Promise<void> => sleep(600)

describe.skipIf(!hasPty)('at a terminal', () => {
  test('a chat goes on with what was said, Ctrl-D ends it, and its exit code is 0', async () => {
    const api = await startFakeMessagesApi((_body, index) => says(`Answer ${index + 1}.`))
    onTestFinished(api.close)
    const database = makeDatabase('CREATE TABLE t (a)')
    const env = { ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: 'test' }
    const chat = new AtTerminal(['chat', database], env)
    await chat.sees(/An empty line ends the chat[^]*> /)
    chat.types('First?\n')
    await chat.sees(/Answer 1\.[^]*1 request[^]*> /)
    chat.types('Second?\n')
    await chat.sees(/Answer 2\.[^]*> /)
    chat.types(keys.ctrlD)
    await chat.sees(/Altogether \$0\.\d+/)
    expect(await chat.ended()).toBe(0)
    const [first, second] = api.journal.map(({ body }) => body.messages ?? [])
    expect(second?.slice(0, 1)).toEqual(first)
    expect(JSON.stringify(second)).toMatch(/First\?.*Answer 1\..*Second\?/)
  })

  test('Ctrl-C ends the question that runs, and the chat goes on', async () => {
    const file = log()
    const specs = [odd(file, { tools: [tool('a')], neverIn: 'a' })]
    const facts = join(scratchFolder(), 'facts.yaml')
    writeFileSync(facts, 'odd: { read_only: true, egress: false }\n')
    const turns = [{ content: [use('odd__a')] }, says('Still here.')]
    const chat = new AtTerminal(['chat', ...flagsFor(specs, turns), '--facts', facts])
    await chat.sees(/> /)
    chat.types('Go\n')
    await expect.poll(() => callsIn(file).length, { timeout: 20_000 }).toBe(1)
    chat.types(keys.ctrlC)
    await chat.sees(/Cancelled\.[^]*> /)
    chat.types('Are you there?\n')
    await chat.sees(/Still here\.[^]*> /)
    chat.types('\n')
    expect(await chat.ended()).toBe(0)
  })

  test('a call is made when a person types yes, and only then', async () => {
    const folder = scratchFolder()
    const [yes, no] = [join(folder, 'yes.txt'), join(folder, 'no.txt')]
    const calls = [yes, no].map((path) => ({
      content: [use('files__write_file', { path, content: 'x' })],
    }))
    const flags = flagsFor([filesystem(folder)], [...calls, says('Done.')])
    const ask = new AtTerminal(['ask', 'Write', ...flags])
    await ask.sees(
      /wants to call write_file of files\. It may destroy something[^]*Allow this one call\? \[y\/N\] /,
    )
    await readsQuestion()
    ask.types('y\n')
    await ask.sees(/Allow this one call\? \[y\/N\] /)
    expect([existsSync(yes), existsSync(no)]).toEqual([true, false])
    await readsQuestion()
    ask.types('\n')
    await ask.sees(/\(not allowed\)[^]*Done\./)
    expect(await ask.ended()).toBe(0)
    expect(existsSync(no)).toBe(false)
  })

  test('what a server asks is asked field by field, and sent after a yes', async () => {
    const turns = [{ content: [use('everything__trigger-elicitation-request')] }, says('Done.')]
    const transcript = join(scratchFolder(), 'run.jsonl')
    const facts = join(scratchFolder(), 'facts.yaml')
    writeFileSync(facts, 'everything: { read_only: true, egress: false }\n')
    const flags = [...flagsFor([everything()], turns), '--facts', facts]
    const ask = new AtTerminal(['ask', 'Go', ...flags, '--transcript', transcript])
    // The server says of its tool that it changes something.
    await ask.sees(/Allow this one call\? \[y\/N\] /)
    await readsQuestion()
    ask.types('y\n')
    await ask.sees(/The server everything asks, /)
    const answers: Readonly<Record<string, string>> = {
      name: 'Ada',
      integer: '42',
      email: 'a@b.de',
    }
    let tooHigh = true
    for (;;) {
      await ask.sees(
        /\((?:empty: do not answer|empty: leave it out)\) |Send this to everything\? \[y\/N\] /,
      )
      const question = ask.shown.split('\n').at(-1) ?? ''
      if (question.includes('Send this')) break
      const [, name] =
        Object.entries(answers).find(([key]) => question.startsWith(`    ${key}`)) ?? []
      const wrong = name === '42' && tooHigh
      ask.types(`${wrong ? '4200' : (name ?? '')}\n`)
      if (!wrong) continue
      tooHigh = false
      await ask.sees(/That is none of it: [^]*100/)
    }
    ask.types('y\n')
    await ask.sees(/Done\./)
    expect(await ask.ended()).toBe(0)
    expect(readFileSync(transcript, 'utf8')).toMatch(/Ada/)
  })

  test('a change that Vitrine is asked for is confirmed to it by the person as well', async () => {
    const [engine] = engines
    const shop = await engine?.make()
    if (shop === undefined) throw new Error('no engine')
    const turns = [{ content: [use('vitrine__ship_order', { id: 2 })] }, says('Done.')]
    const ask = new AtTerminal(['ask', 'Ship', writeShopConfig(shop), ...flagsFor([], turns)])
    await ask.sees(/Allow this one call\? \[y\/N\] /)
    await readsQuestion()
    ask.types('y\n')
    await ask.sees(/The server vitrine asks, [^]*\) $/)
    expect(await shop.rows(shipped)).toEqual([])
    ask.types('Do it\n')
    await ask.sees(/Send this to vitrine\? \[y\/N\] /)
    ask.types('y\n')
    await ask.sees(/Done\./)
    expect(await ask.ended()).toBe(0)
    expect(await shop.rows(shipped)).toEqual([['2']])
  })

  test('progress of a call is shown while it runs, and is gone afterwards', async () => {
    const specs = [odd(log(), { tools: [tool('go')], progressIn: 'go' })]
    const facts = join(scratchFolder(), 'facts.yaml')
    writeFileSync(facts, 'odd: { read_only: true, egress: false }\n')
    const turns = [{ content: [use('odd__go')] }, says('Done.')]
    const ask = new AtTerminal(['ask', 'Go', ...flagsFor(specs, turns), '--facts', facts])
    await ask.sees(/50 % odd › go, going/)
    await ask.sees(/\r +[^]*← odd › go[^]*Done\./)
    expect(await ask.ended()).toBe(0)
  })
})

test('without a terminal no server is told of a person, and what it asks is not answered', async () => {
  const turns = [{ content: [use('everything__trigger-elicitation-request')] }, says('Done.')]
  const { code, stdout, stderr } = await vitrine(['ask', 'Go', ...flagsFor([everything()], turns)])
  expect([code, stdout]).toEqual([0, 'Done.\n'])
  expect(stderr).not.toMatch(/asks:/)
})
