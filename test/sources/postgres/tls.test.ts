import { describe, expect, test, vi } from 'vitest'
import {
  ask,
  asSuperuser,
  hasPostgres,
  makePostgres,
  openPostgres,
  server,
} from '../../support/postgres.ts'
import { fixturePath, TlsProxy } from '../../support/tls-proxy.ts'

const authority = `sslrootcert=${fixturePath('authority.crt')}`
const stranger = `sslrootcert=${fixturePath('stranger.crt')}`

describe.runIf(hasPostgres)('TLS to PostgreSQL', () => {
  test('each mode means what it means to libpq', async () => {
    const database = await makePostgres()
    const proxy = await TlsProxy.before(server)
    const outcome = async (host: string, query: string): Promise<string> => {
      const [encrypted, plain] = [proxy.encrypted, proxy.plain]
      const url = `postgres://${server.user}@${host}:${proxy.port}/${database.name}?${query}`
      const failure = await ask(openPostgres(url), 'SELECT 1').then(
        () => undefined,
        ({ message }: { message: string }) => message,
      )
      if (failure !== undefined) return failure
      return proxy.encrypted > encrypted ? 'encrypted' : proxy.plain > plain ? 'plain' : 'nothing'
    }
    const untrusted = 'The database shows a certificate that is not trusted.'
    const expected = [
      ['127.0.0.1', 'sslmode=disable', 'plain'],
      ['127.0.0.1', 'sslmode=prefer', 'encrypted'],
      ['127.0.0.1', '', 'encrypted'],
      ['127.0.0.1', 'sslmode=require', 'encrypted'],
      ['127.0.0.1', 'ssl=true', 'encrypted'],
      ['127.0.0.1', `sslmode=require&${authority}`, 'encrypted'],
      ['127.0.0.1', `sslmode=require&${stranger}`, untrusted],
      ['127.0.0.1', `sslmode=verify-ca&${authority}`, 'encrypted'],
      ['127.0.0.1', `sslmode=verify-ca&${stranger}`, untrusted],
      ['127.0.0.1', `sslmode=verify-full&${authority}`, untrusted],
      ['localhost', `sslmode=verify-full&${authority}`, 'encrypted'],
      ['localhost', `sslmode=verify-full&${stranger}`, untrusted],
      ['localhost', 'sslmode=verify-full', untrusted],
      ['localhost', 'sslmode=verify-ca', 'sslmode=verify-ca needs an authority to trust.'],
      ['localhost', 'sslmode=sometimes', 'sslmode is none that works here.'],
      [
        'localhost',
        'sslmode=verify-full&sslrootcert=/none',
        'The file that sslrootcert names cannot be read.',
      ],
      ['127.0.0.1', 'channel_binding=require', 'The server does not bind the password to TLS.'],
    ] as const
    const got = []
    for (const [host, query] of expected) got.push([host, query, await outcome(host, query)])
    expect(got).toEqual(expected)
  })

  test('a server without TLS serves who prefers it and nobody who requires it', async () => {
    const database = await makePostgres()
    const proxy = await TlsProxy.before(server, { offersTls: false })
    const url = `postgres://${server.user}@localhost:${proxy.port}/${database.name}`
    expect((await ask(openPostgres(url), 'SELECT 1')).rows).toEqual([[1]])
    await expect(ask(openPostgres(`${url}?sslmode=require`), 'SELECT 1')).rejects.toMatchObject({
      code: 'source_unavailable',
      message: 'The database offers no TLS, which sslmode demands.',
    })
  })

  test('a cancel goes through TLS as well', async () => {
    const database = await makePostgres()
    const proxy = await TlsProxy.before(server)
    const source = openPostgres(
      `postgres://${server.user}@localhost:${proxy.port}/${database.name}?sslmode=verify-full&${authority}`,
      1,
    )
    const cancel = new AbortController()
    const call = ask(source, 'SELECT pg_sleep(30)', { signal: cancel.signal })
    const sleeping = async (): Promise<unknown> =>
      (
        await asSuperuser(
          `SELECT count(*)::int FROM pg_stat_activity WHERE datname = '${database.name}' AND query ~ 'sleep'`,
        )
      )[0]?.[0]
    await vi.waitFor(async () => expect(await sleeping()).toBe(1), 5000)
    cancel.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    await vi.waitFor(async () => expect(await sleeping()).toBe(0), 5000)
    expect([proxy.plain, proxy.encrypted > 1]).toEqual([0, true])
  })
})
