/** docs/walks/platform-team.md, with a PostgreSQL, a Redis and an nginx. */
import { spawnSync } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { hasNginx, startNginx } from '../support/nginx.ts'
import { follow } from '../support/page-shell.ts'
import { blocksOf } from '../support/page.ts'
import { hasPostgres, makePostgres, randomName, server, asSuperuser } from '../support/postgres.ts'
import { hasRedisServer, makeRedis } from '../support/redis.ts'
import { scratchFolder } from '../support/scratch.ts'
import { fixturePath } from '../support/tls-proxy.ts'

const hasAll =
  hasPostgres && hasRedisServer && hasNginx && spawnSync('psql', ['--version']).status === 0

test.skipIf(!hasAll)(
  'the walk of a platform team',
  async () => {
    const role = randomName()
    onTestFinished(async () => void (await asSuperuser(`DROP ROLE IF EXISTS ${role}`)))
    const database = await makePostgres()
    const redis = await makeRedis('--appendonly', 'yes')
    const [one, two, ...metrics] = await Promise.all([1, 2, 3, 4].map(() => freePort()))
    const { host } = await startNginx([one ?? 0, two ?? 0], onTestFinished)
    const astray = await follow(blocksOf('docs/walks/platform-team.md'), {
      cwd: scratchFolder(),
      whenDone: onTestFinished,
      env: { CURL_CA_BUNDLE: fixturePath('authority.crt') },
      fillings: [
        ['owner@db.example/shop', `${server.user}@${server.host}:${server.port}/${database.name}`],
        ['db.example/shop', `${server.host}:${server.port}/${database.name}`],
        ['shop_reader', role],
        ['redis.example:6379', `127.0.0.1:${redis.port}`],
        ['https://data.example/', `https://${host}/`],
        ['8081', String(one)],
        ['8082', String(two)],
        ['9091', String(metrics[0])],
        ['9092', String(metrics[1])],
      ],
    })
    expect(astray).toEqual([])
  },
  250_000,
)
