import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configFromUrl } from '../../../dist/config/from-url.js'
import { normalizeUrl } from '../../../dist/config/url.js'
import { toConnectOptions } from '../../../dist/sources/postgres/options.js'
import { parseUrl } from '../../../dist/sources/postgres/parse-url.js'
import { scratchFolder } from '../../support/scratch.ts'

const nameOf = (url: string): unknown => configFromUrl(url).sources[0]?.name

describe('a PostgreSQL URL', () => {
  test('is read in every form that libpq knows', () => {
    const cases = [
      ['postgres://', {}],
      ['postgresql:', {}],
      ['postgres://h', { host: 'h' }],
      ['postgres://h:6432/d', { host: 'h', port: '6432', dbname: 'd' }],
      ['postgresql://u@h', { user: 'u', host: 'h' }],
      ['postgres://u:p%40%2F@h/d%20d', { user: 'u', password: 'p@/', host: 'h', dbname: 'd d' }],
      ['postgres://u:a:b@h/d', { user: 'u', password: 'a:b', host: 'h', dbname: 'd' }],
      ['postgres://u:a@b@h/d', { user: 'u', password: 'a@b', host: 'h', dbname: 'd' }],
      ['postgres://[::1]:5433/d', { host: '::1', port: '5433', dbname: 'd' }],
      [
        'postgres:///d?host=/run/postgresql&port=5433',
        { dbname: 'd', host: '/run/postgresql', port: '5433' },
      ],
      ['postgres://%2Frun%2Fpg/d', { host: '/run/pg', dbname: 'd' }],
      ['postgres://u@/d', { user: 'u', dbname: 'd' }],
      ['postgres://?service=x', { service: 'x' }],
      [
        'postgres://h/d?sslmode=require&application_name=a%20b',
        { host: 'h', dbname: 'd', sslmode: 'require', application_name: 'a b' },
      ],
      ['postgres://h/d?schema=public&pgbouncer=true&keepalives=1', { host: 'h', dbname: 'd' }],
    ] as const
    for (const [url, parts] of cases) expect([url, parseUrl(url)]).toEqual([url, parts])
  })

  test('that is wrong is told so, and never shown', () => {
    for (const url of [
      'postgres://u:se#cret@h/d',
      'postgres://u:se?cret@h/d',
      'postgres://u:se%cret@h/d',
      'postgres://u:secret@h:x/d',
      'postgres://u:secret@a,b/d',
      'postgres://u:secret@h/d?sslmod=require',
      'postgres://u:secret@h/d/e',
    ]) {
      const thrown = (() => {
        try {
          return normalizeUrl(url, '/')
        } catch (error) {
          return error
        }
      })()
      expect(thrown).toMatchObject({ code: 'config_invalid' })
      expect(JSON.stringify(thrown) + String(thrown)).not.toMatch(/cret/)
    }
    expect(() => normalizeUrl('postgres://h/d?sslmod=require', '/')).toThrow('sslmod')
  })

  test('names its source after the database, and never after anything else in it', () => {
    expect(nameOf('postgres://u:secret@h:5432/My-Shop?sslmode=require')).toBe('my_shop')
    expect(nameOf('postgresql://u:secret@h')).toBe('database')
    expect(nameOf('postgres://u:secret@h/?host=/run/secret')).toBe('database')
    expect(nameOf('postgres://?service=shop')).toBe('shop')
  })

  test('has its certificates beside the configuration', () => {
    expect(normalizeUrl('postgresql://h/d?sslrootcert=./ca.crt&sslmode=verify-ca', '/etc/v')).toBe(
      'postgres://h/d?sslrootcert=%2Fetc%2Fv%2Fca.crt&sslmode=verify-ca',
    )
  })

  test('goes before the service it names, which goes before the environment', () => {
    const file = join(scratchFolder(), 'services')
    writeFileSync(
      file,
      '# mine\n[other]\nhost=wrong\n[shop]\nhost = there\nport=6000\nuser=ann\npassword=a b#c\n\n[z]\nport=1\n',
    )
    const environment = {
      PGSERVICEFILE: file,
      PGUSER: 'env',
      PGDATABASE: 'base',
      PGSSLMODE: 'require',
    }
    expect(toConnectOptions('postgres://bob@/?service=shop', environment)).toMatchObject({
      host: 'there',
      port: 6000,
      user: 'bob',
      password: 'a b#c',
      database: 'base',
      tlsMode: 'require',
    })
    expect(() => toConnectOptions('postgres://?service=none', environment)).toThrow('no service')
    expect(toConnectOptions('postgres://h', {})).toMatchObject({
      host: 'h',
      port: 5432,
      password: undefined,
      applicationName: 'vitrine',
      tlsMode: 'prefer',
    })
  })
})
