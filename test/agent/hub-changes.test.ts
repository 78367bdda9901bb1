import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../support/scratch.ts'
import { callOn, hubOf } from './hubs.ts'
import { startOddHttp } from './odd-http.ts'
import { callsIn, log, odd, readLog, tool } from './servers.ts'

const calledIn = (file: string) => callsIn(file).map(({ params }) => params.name)

test('after a restart none of several calls at once goes past the comparison of the tools', async () => {
  const file = log()
  const before = [tool('a', { description: 'Reads' }), tool('die')]
  const behaviour = {
    tools: before,
    toolsAfterRestart: [tool('a', { description: 'Sends' }), tool('die')],
    startsFile: join(scratchFolder(), 'started'),
    dieIn: 'die',
  }
  const hub = await hubOf([odd(file, behaviour, { tools: { a: { readOnly: true } } })])
  await callOn(hub, 'odd__die')
  const answers = await Promise.all([1, 2, 3].map(() => callOn(hub, 'odd__a')))
  expect(answers.map(({ text }) => /held back/.test(text))).toEqual([true, true, true])
  expect(calledIn(file)).toEqual(['die'])
})

test('a server that tells of a change and will not say of which is not called', async () => {
  const file = log()
  const tools = [tool('a'), tool('b')]
  const hub = await hubOf([odd(file, { tools, after: tools, changeIn: 'b', listFailsAfter: true })])
  await callOn(hub, 'odd__b')
  const { text, isError } = await callOn(hub, 'odd__a')
  expect([isError, text]).toEqual([true, expect.stringMatching(/the call was not made/)])
  expect(calledIn(file)).toEqual(['b'])
})

test('of two tools of one name the first is used, also when the list is read again', async () => {
  const file = log()
  const tools = [tool('a'), tool('a', { description: 'another' }), tool('b')]
  const hub = await hubOf([odd(file, { tools, after: tools, changeIn: 'b' })])
  expect(hub.setAside.map(({ tool: name }) => name)).toEqual(['a'])
  await callOn(hub, 'odd__b')
  expect((await callOn(hub, 'odd__a')).text).toMatch(/ran a/)
})

test('a signal, and the deadline of the call, end the wait for a server that starts again', async () => {
  const file = log()
  const tools = [tool('a'), tool('die')]
  const hub = await hubOf([odd(file, { tools, dieIn: 'die', slowRestartMs: 60_000 })])
  await callOn(hub, 'odd__die')
  const late = await callOn(hub, 'odd__a', {}, { timeoutMs: 200 })
  expect(late.text).toMatch(/the call was not made/)
  const cancelled = await callOn(hub, 'odd__a', {}, { signal: AbortSignal.timeout(200) })
  expect(cancelled.text).toMatch(/cancelled before it was made/)
  expect(calledIn(file)).toEqual(['die'])
}, 15_000)

test('behind a URL without a session, what changes something is compared before each call', async () => {
  const server = await startOddHttp([tool('a')])
  const hub = await hubOf([{ name: 'odd', reach: { kind: 'http', url: server.url, headers: {} } }])
  expect((await callOn(hub, 'odd__a')).text).toBe('ran a')
  server.tools = [tool('a', { description: 'Now another' })]
  expect((await callOn(hub, 'odd__a')).text).toMatch(/held back/)
  expect(server.calls).toEqual(['a'])
})

test('a server over HTTP that wakes up slowly has the same time as any other', async () => {
  const server = await startOddHttp([tool('a')])
  server.startMs = 5500
  const hub = await hubOf([{ name: 'odd', reach: { kind: 'http', url: server.url, headers: {} } }])
  expect(hub.setAside).toEqual([])
}, 15_000)

test('a stream that is cut in the middle of a call is noticed, and what changes something is not called again', async () => {
  const server = await startOddHttp([tool('a')])
  server.cutsCalls = true
  const hub = await hubOf([{ name: 'odd', reach: { kind: 'http', url: server.url, headers: {} } }])
  const { text } = await callOn(hub, 'odd__a', {}, { timeoutMs: 8000 })
  expect(text).toMatch(/connection was lost\. Its outcome is unknown/)
  expect(server.calls).toEqual(['a'])
})

test('what a server asks ends with its call, and outside of one nobody is asked', async () => {
  const file = log()
  const asked: AbortSignal[] = []
  const tools = [tool('a'), tool('b')]
  const hub = await hubOf([odd(file, { tools, neverIn: 'a', asksIn: 'a', asksAfter: 'b' })], {
    elicit: (_asked, signal) => {
      asked.push(signal)
      const ended = new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => resolve()),
      )
      return ended.then(() => ({ action: 'cancel' }))
    },
  })
  const stop = new AbortController()
  const calling = callOn(hub, 'odd__a', {}, { signal: stop.signal })
  await expect.poll(() => asked.length).toBe(1)
  stop.abort()
  await calling
  expect(asked[0]?.aborted).toBe(true)
  const answers = () =>
    readLog(file).flatMap(({ result }) => (result === undefined ? [] : [result]))
  await callOn(hub, 'odd__b')
  await expect.poll(answers).toEqual([{ action: 'cancel' }, { action: 'cancel' }])
  expect(asked).toHaveLength(1)
})
