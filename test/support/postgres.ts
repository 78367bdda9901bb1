import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { defaultLimits } from '../../dist/config/config.js'
import type { PostgresTerms } from '../../dist/sources/postgres/facts.js'
import { PostgresSource } from '../../dist/sources/postgres/driver.js'
import type { Limits, RowSet, Run } from '../../dist/sources/source.js'
import type { WhenDone } from '../../dist/testing/index.js'
import type { Parameter, Statement } from '../../dist/sources/statement.js'
import { postgresAddress } from './addresses.ts'
import { noSignal } from './open.ts'

/** The server of the tests and its superuser. */
export const server = postgresAddress()

export const hasPostgres: boolean = await asSuperuser('SELECT 1').then(
  () => true,
  () => false,
)

/** Runs SQL of the test itself, on the database named or the server's own. */
export async function asSuperuser(sql: string, database = 'postgres'): Promise<unknown[][]> {
  const client = new pg.Client({ ...server, database })
  await client.connect()
  try {
    const result: unknown = await client.query({ text: sql, rowMode: 'array' })
    const last = Array.isArray(result) ? result.at(-1) : result
    return (last as { rows: unknown[][] }).rows
  } finally {
    await client.end()
  }
}

export interface TestDatabase {
  readonly name: string
  /** For a superuser, unless another user is given. */
  url(user?: string, password?: string): string
  readonly run: (sql: string) => Promise<unknown[][]>
}

/** A database out of SQL with a name of its own, dropped when the test ends or it is done. */
export async function makePostgres(
  sql = 'SELECT 1',
  whenDone: WhenDone = onTestFinished,
): Promise<TestDatabase> {
  const name = randomName()
  await asSuperuser(`CREATE DATABASE ${name}`)
  whenDone(async () => {
    await asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  })
  await asSuperuser(sql, name)
  return {
    name,
    run: (text) => asSuperuser(text, name),
    url: (user = server.user, password = '') =>
      `postgres://${user}${password === '' ? '' : `:${password}`}@${server.host}:${server.port}/${name}`,
  }
}

/** A role that may log in, dropped when the test ends, after the databases made before it. */
export async function makeRole(options = ''): Promise<string> {
  const name = randomName()
  await asSuperuser(`CREATE ROLE ${name} LOGIN ${options}`)
  onTestFinished(async () => {
    await asSuperuser(`DROP ROLE IF EXISTS ${name}`)
  })
  return name
}

export const randomName = (): string => `vitrine_test_${randomBytes(6).toString('hex')}`

/** The driver alone, closed when the test ends. */
export function openPostgres(url: string, concurrency = 4): PostgresSource {
  const source = new PostgresSource({ name: 'main', url, concurrency })
  onTestFinished(() => source.close())
  return source
}

/** A statement as the guard makes one, but of any text: for tests of the driver. */
export const statement = (
  text: string,
  {
    searchPath = ['public'],
    masked = [],
    parameters = [],
  }: Partial<PostgresTerms> & { parameters?: readonly Parameter[] } = {},
): Statement =>
  ({
    text,
    parameters,
    terms: { searchPath, masked, judgedBy: undefined },
    catalogVersion: '',
  }) as unknown as Statement

export interface Asking extends Partial<Omit<Run, 'limits'>> {
  readonly limits?: Partial<Limits>
}

/** Runs any text through the driver, unjudged. */
export const ask = (
  source: PostgresSource,
  text: string | Statement,
  { limits = {}, signal = noSignal, ...rest }: Asking = {},
): Promise<RowSet> =>
  source.query(typeof text === 'string' ? statement(text) : text, {
    limits: { ...defaultLimits, ...limits },
    signal,
    ...rest,
  })
