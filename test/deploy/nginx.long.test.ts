import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { blackHole } from '../support/black-hole.ts'
import { type Answered, ask, hasNginx, startNginx } from '../support/nginx.ts'
import { shared } from '../support/shared.ts'
import { pause } from '../support/workers.ts'
import { crowd, gather } from './crowd.ts'
import { answered, callsInFlight, deploy, type Deployed, read } from './replicas.ts'
import { tokenOf } from './tokens.ts'

const call = (query: string, meta: object = {}): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'query_database', arguments: { query }, _meta: meta },
})

const endless =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'

describe.skipIf(!hasNginx)('behind nginx', () => {
  const start = shared((_key: 'two', whenDone) => deploy(whenDone))
  let deployed: Deployed
  beforeAll(async () => {
    deployed = await start('two')
  })

  test('who has no token is told where to get one, by the server itself', async () => {
    const { url } = deployed
    for (const token of [undefined, tokenOf('nobody')]) {
      const answer = await ask(url, call('SELECT 1'), token === undefined ? {} : { token })
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
    }
  })

  test('what a proxy vouches with does not come from outside', async () => {
    const { url, replicas } = deployed
    const headers = { 'x-vitrine-actor': 'root' }
    expect((await ask(url, call('SELECT 1'), { headers })).status).toBe(401)
    // The replica itself believes whoever is on this machine, as its config says.
    const direct = new URL('/tools', replicas[0]?.server.url)
    expect((await fetch(direct, { headers })).status).toBe(200)
  })

  test('progress passes, and a client that hangs up ends its statement', async () => {
    const { url, replicas } = deployed
    const hangUp = new AbortController()
    const progress = new Promise<string>((resolve) => {
      const onPart = (part: string): void => {
        if (part.includes('notifications/progress')) resolve(part)
      }
      const question = call(endless, { progressToken: 'p' })
      ask(url, question, { token: tokenOf('ana'), signal: hangUp.signal, onPart }).catch(
        () => undefined,
      )
    })
    expect(await progress).toContain('"progressToken":"p"')
    expect(await callsInFlight(replicas)).toBe(1)
    hangUp.abort()
    const deadline = Date.now() + 10_000
    while ((await callsInFlight(replicas)) > 0 && Date.now() < deadline) await pause(50)
    expect(await callsInFlight(replicas)).toBe(0)
  })

  test('a burst of one caller is told to wait, and no other caller is', async () => {
    const { url } = deployed
    const answers: Answered[] = []
    const refused = (): Answered | undefined => answers.find(({ status }) => status === 429)
    for (let round = 0; round < 20 && refused() === undefined; round += 1) {
      const burst = Array.from({ length: 60 }, () =>
        ask(url, call('SELECT 1'), { token: tokenOf('zoe') }),
      )
      answers.push(...(await Promise.all(burst)))
    }
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
    expect(refused()?.headers['retry-after']).toBe('1')
    expect(JSON.parse(refused()?.text ?? '')).toMatchObject({ error: { code: 429 } })
    expect((await ask(url, call('SELECT 1'), { token: tokenOf('ben') })).status).toBe(200)
  })

  test('the stream of an old client and its messages meet at one replica', async () => {
    const { url } = deployed
    const hangUp = new AbortController()
    const greet = async (token: string): Promise<string> => {
      let said = ''
      const onPart = (part: string): void => void (said += part)
      const options = { token, signal: hangUp.signal, method: 'GET', onPart } as const
      ask(new URL('/sse', url), {}, options).catch(() => undefined)
      const until = async (pattern: RegExp): Promise<string> => {
        for (let tries = 0; tries < 200 && !pattern.test(said); tries += 1) await pause(50)
        return pattern.exec(said)?.[1] ?? said
      }
      const endpoint = new URL(await until(/event: endpoint\ndata: (\S+)\n/), url)
      expect((await ask(endpoint, call(`SELECT '${token}' AS t`), { token })).status).toBe(202)
      return until(/"rows":(\[\[.+?\]\])/)
    }
    expect(await Promise.all(crowd.map(greet))).toEqual(crowd.map((token) => `[["${token}"]]`))
    hangUp.abort()
  })

  test('what is for the inside is not there from outside', async () => {
    const { url } = deployed
    const paths = ['/metrics', '/healthz', '/readyz/x', '/nothing']
    const answers = await Promise.all(paths.map((path) => ask(new URL(path, url), {})))
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  })
})

describe.skipIf(!hasNginx)('behind nginx, under load', () => {
  test('a replica whose machine has gone, and refuses nothing, costs no call at all', async () => {
    const { replicas } = await deploy()
    const ports = [Number(replicas[0]?.server.url.port), await blackHole(onTestFinished)]
    const callers = gather(await startNginx(ports, onTestFinished), 0)
    await callers.more(60)
    expect((await callers.end()).failures).toEqual([])
  })

  test('a replica that is killed under load costs no call that is asked again', async () => {
    const { url, replicas } = await deploy()
    const callers = gather(url, 3)
    await callers.more(60)
    const [first] = replicas
    first?.server.process.kill('SIGKILL')
    await first?.server.ended()
    await callers.more(60)
    await first?.start()
    await callers.more(60)
    expect((await callers.end()).failures).toEqual([])
  })

  test('a rolling restart costs no call at all', async () => {
    const { url, replicas } = await deploy()
    const callers = gather(url, 0)
    await callers.more(30)
    for (const replica of replicas) {
      replica.server.process.kill('SIGTERM')
      expect(await replica.server.ended()).toBe(0)
      await replica.start()
      // The proxy takes it back within a second or two; the next one may go only then.
      while ((await read(replica, answered)) === 0) await callers.more(5)
    }
    expect((await callers.end()).failures).toEqual([])
  })
})
