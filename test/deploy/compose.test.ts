import { beforeAll, describe, expect, test } from 'vitest'
import { hasDocker } from '../support/docker.ts'
import { ask } from '../support/nginx.ts'
import { shared } from '../support/shared.ts'
import { type Composed, composeUp } from './compose.ts'
import { gather } from './crowd.ts'
import { tokenOf } from './tokens.ts'

const call = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'query_database', arguments: { query: 'SELECT count(*) AS n FROM orders' } },
}

describe.skipIf(!hasDocker)('with Docker Compose', () => {
  const start = shared((_key: 'one', whenDone) => composeUp(whenDone))
  let composed: Composed
  beforeAll(async () => {
    composed = await start('one')
  }, 600_000)

  test('who has a token is answered through nginx, and put on record', async () => {
    const { url, compose } = composed
    expect((await ask(url, call)).status).toBe(401)
    const answer = await ask(url, call, { token: tokenOf('ana') })
    expect(answer.text).toContain('"rows":[[0]]')
    const record = 'cat /var/log/vitrine/audit.jsonl 2>/dev/null || true'
    const records = await Promise.all(
      ['vitrine-1', 'vitrine-2'].map((name) => compose('exec', '-T', name, 'sh', '-c', record)),
    )
    expect(records.join('')).toContain('"actor":"token:ana"')
  })

  test('a container is not root, may do nothing, and can change nothing of itself', async () => {
    const look = `id -u; grep -E 'CapBnd|NoNewPrivs' /proc/self/status; touch /app/x /etc/x 2>&1 || true`
    const said = await composed.compose('exec', '-T', 'vitrine-1', 'sh', '-c', look)
    expect(said).toMatch(/^1000\nCapBnd:\s+0+\nNoNewPrivs:\s+1\n/)
    expect(said.match(/Read-only file system/g)).toHaveLength(2)
  })

  test('a container that is killed under load costs no call that is asked again', async () => {
    const { url, compose } = composed
    const callers = gather(url, 3)
    await callers.more(60)
    await compose('kill', 'vitrine-1')
    await callers.more(120)
    await compose('start', 'vitrine-1')
    await callers.more(60)
    expect((await callers.end()).failures).toEqual([])
    await compose('up', '--detach', '--wait')
  }, 120_000)

  test('a container that is stopped and made anew costs no call at all', async () => {
    const { url, compose } = composed
    const callers = gather(url, 0)
    await callers.more(30)
    await compose('stop', 'vitrine-2')
    const [state] = (await compose('ps', '--all', '--format', '{{.ExitCode}}', 'vitrine-2')).split(
      '\n',
    )
    expect(state).toBe('0')
    await compose('up', '--detach', '--wait', '--force-recreate', '--no-deps', 'vitrine-2')
    await callers.more(60)
    expect((await callers.end()).failures).toEqual([])
  }, 120_000)

  test('nginx starts where a replica is away, and finds it when it comes', async () => {
    const { url, compose } = composed
    await compose('stop', '--timeout', '1', 'vitrine-1', 'vitrine-2')
    await compose('restart', '--timeout', '1', 'nginx')
    // The other way round, so that addresses that are given out in order would change.
    await compose('start', 'vitrine-2')
    await compose('start', 'vitrine-1')
    await compose('up', '--detach', '--wait')
    const callers = gather(url, 3)
    await callers.more(60)
    expect((await callers.end()).failures).toEqual([])
  }, 120_000)
})
