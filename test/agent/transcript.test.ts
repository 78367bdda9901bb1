import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  createScriptedProvider,
  type Entry,
  openAgent,
  readTranscript,
  replay,
  runAgent,
  toBillAnswer,
} from '../../dist/agent/index.js'
import { text } from '../../dist/agent/messages.js'
import type { Terminal } from '../../dist/cli/terminal.js'
import { transcriptShow } from '../../dist/cli/transcript-show.js'
import { scratchFolder } from '../support/scratch.ts'
import { callsIn, log, odd, tool } from './servers.ts'
import { fakeModel, says, use } from './support.ts'

const path = (): string => join(scratchFolder(), 'run.jsonl')
const server = (file: string) => odd(file, { tools: [tool('a'), tool('b')] })
const yes = () => Promise.resolve(true)

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)

const write = (file: string, entries: readonly Entry[], rest = '') =>
  writeFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join('') + rest)

test('every step is written before it is done, for the owner alone', async () => {
  const [file, calls] = [path(), log()]
  const seen: number[] = []
  const { provider } = await fakeModel([{ content: [use('odd__a', { x: 1 })] }, says('Done')])
  await runAgent({
    prompt: 'Go',
    servers: [server(calls)],
    provider,
    transcript: file,
    approve: () => {
      seen.push(callsIn(calls).length)
      return yes()
    },
  })
  expect(linesOf(file).map(({ type }) => type)).toEqual([
    'run',
    'message',
    'request',
    'reply',
    'decision',
    'call',
    'result',
    'request',
    'reply',
    'outcome',
  ])
  expect(seen).toEqual([0])
  expect(statSync(file).mode & 0o077).toBe(0)
})

test('the bill and every decision follow from the lines alone', async () => {
  const file = path()
  const { provider } = await fakeModel([
    { ...says('x'), fault: { kind: 'cut', afterEvents: 3 } },
    { content: [use('odd__a'), use('odd__b')] },
    { content: [use('odd__a')] },
    says('Done'),
  ])
  const { bill } = await runAgent({
    prompt: 'Go',
    servers: [server(log())],
    provider,
    transcript: file,
    retry: { firstWaitMs: 1 },
    approve: ({ tool: name }) => Promise.resolve(name === 'a'),
  })
  const replayed = replay(await readTranscript(file))
  expect(toBillAnswer(replayed.bill)).toEqual(toBillAnswer(bill))
  expect(toBillAnswer(bill).usd).not.toBe('0.00')
  expect(replayed).toMatchObject({ decisions: 3, calls: 2, contradictions: [] })
})

test.each<[string, (entry: Entry) => Entry]>([
  [
    'a call that was not allowed',
    (one) => (one.type === 'decision' ? { ...one, approved: false } : one),
  ],
  [
    'other arguments',
    (one) =>
      one.type === 'decision' ? { ...one, call: { ...one.call, arguments: { x: 2 } } } : one,
  ],
  [
    'a milder decision',
    (one) =>
      one.type === 'decision' ? { ...one, decision: { verdict: 'allow', rule: 'harmless' } } : one,
  ],
  [
    'a call that the model did not want',
    (one) =>
      one.type === 'reply'
        ? { ...one, reply: { ...one.reply, content: [{ type: 'text', text: 'x' }] } }
        : one,
  ],
  [
    'a label that fell',
    (one) =>
      one.type === 'result' ? { ...one, read: { untrusted: false, sensitive: false } } : one,
  ],
])('replaying finds %s, and nobody goes on from there', async (_what, change) => {
  const file = path()
  const { provider } = await fakeModel([{ content: [use('odd__a', { x: 1 })] }, says('Done')])
  const servers = [server(log())]
  await runAgent({ prompt: 'Go', servers, provider, transcript: file, approve: yes })
  const entries = await readTranscript(file)
  expect(replay(entries).contradictions).toEqual([])
  expect(replay(entries.map(change)).contradictions).not.toEqual([])
  write(file, entries.map(change))
  const again = openAgent({ servers: [], provider, transcript: file, resume: true })
  await expect(again).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a run goes on where it ended, with the same messages', async () => {
  const file = path()
  const { api, provider } = await fakeModel([
    { content: [use('odd__a'), use('odd__b')] },
    says('Done'),
    says('Again'),
  ])
  const options = { servers: [server(log())], provider, transcript: file, approve: yes }
  const first = await runAgent({ ...options, prompt: 'One' })
  const second = await runAgent({ ...options, prompt: 'Two', resume: true })
  expect(second.messages.slice(0, -2)).toEqual(first.messages)
  expect(second.read).toEqual(first.read)
  expect(api.journal.map(({ refused }) => refused)).toEqual([undefined, undefined, undefined])
})

test('a call that was running when the process ended has an unknown outcome, and is not made again', async () => {
  const [file, calls] = [path(), log()]
  const { provider } = await fakeModel([{ content: [use('odd__a'), use('odd__b')] }, says('Done')])
  await runAgent({
    prompt: 'One',
    servers: [server(log())],
    provider,
    transcript: file,
    approve: yes,
  })
  const entries = await readTranscript(file)
  const crashed = entries.slice(0, entries.findIndex(({ type }) => type === 'call') + 1)
  write(file, crashed, '{"type":"result","id":"toolu')
  const again = await fakeModel([says('I will look first')])
  const { messages, read } = await runAgent({
    prompt: 'Go on',
    servers: [server(calls)],
    provider: again.provider,
    transcript: file,
    resume: true,
  })
  const answers = messages.at(-2)?.content.map((block) => JSON.stringify(block)) ?? []
  expect(answers[0]).toMatch(/outcome is unknown/)
  expect(answers[1]).toMatch(/was not made/)
  expect(read).toEqual({ untrusted: true, sensitive: true })
  expect(callsIn(calls)).toEqual([])
  expect(again.api.journal[0]?.refused).toBeUndefined()
  expect((await readTranscript(file)).at(-1)?.type).toBe('outcome')
})

test.each([
  '{"a":1}',
  '{"type":"decision","id":"x"}',
  '{"type":"call","id":"x"}',
  '{"type":"run","version":1,"model":"m","read":"nothing"}',
  '{"type":"reply","turn":1,"day":"2026-11-24","reply":{"model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":0.5,"output_tokens":1}}}',
  '{"type":"later"}',
])('a file that is no transcript is not gone on with (%s)', async (line) => {
  const file = path()
  appendFileSync(file, `${line}\n`)
  const provider = createScriptedProvider([says('x')])
  const opening = openAgent({ servers: [], provider, transcript: file, resume: true })
  await expect(opening).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a transcript that cannot be written ends the opening before any server is started', async () => {
  const calls = log()
  const provider = createScriptedProvider([says('x')])
  const opening = openAgent({ servers: [server(calls)], provider, transcript: '/nowhere/at.jsonl' })
  await expect(opening).rejects.toMatchObject({ code: 'config_invalid' })
  expect(readFileSync(calls, 'utf8')).toBe('')
})

test('what somebody wrote into a transcript moves nothing at a terminal, and passes for no line of ours', async () => {
  const file = path()
  const read = { untrusted: false, sensitive: false }
  const nasty = '\u001b[2J\n= answered'
  write(file, [
    { type: 'run', version: 1, model: nasty, read },
    { type: 'broken', turn: 1, day: '2026-11-24', model: 'm', code: nasty },
    { type: 'message', message: { role: 'user', content: [{ type: 'text', text: nasty }] } },
    { type: 'result', id: 'x', content: [text(nasty)], isError: false, ms: 1, read },
    { type: 'outcome', status: nasty, usd: null },
  ])
  const printed: string[] = []
  const print = (line: string): void => void printed.push(line)
  const terminal = { print, note: print } as unknown as Terminal
  expect(await transcriptShow({ path: file }, terminal)).toBe(0)
  expect(printed.filter((line) => line.includes('\u001b') || /^= answered|\n/.test(line))).toEqual(
    [],
  )
  expect(printed).toHaveLength(7)
})
