import { expect, test } from 'vitest'
import { parseServerUrl } from '../../../dist/sources/mysql/server-url.js'

const modeOf = (search: string): string => parseServerUrl(`mysql://u@h/d${search}`).tls

test('a password may hold anything, as it is or escaped', () => {
  expect(parseServerUrl('mysql://u:p@ss/w?rd#1@h:3307/shop')).toMatchObject({
    user: 'u',
    password: 'p@ss/w?rd#1',
    host: 'h',
    port: 3307,
    database: 'shop',
  })
  expect(parseServerUrl('mariadb://u:100%25%40@h')).toMatchObject({ password: '100%@' })
  expect(parseServerUrl('mysql://u:50%@h')).toMatchObject({ password: '50%' })
})

test('who asks for TLS gets one that verifies', () => {
  expect(modeOf('')).toBe('off')
  expect(modeOf('?ssl=true')).toBe('verify')
  expect(modeOf('?ssl-mode=VERIFY_IDENTITY')).toBe('verify')
  expect(modeOf('?sslmode=verify-full')).toBe('verify')
  expect(modeOf('?ssl-ca=/ca.pem')).toBe('verify')
  expect(modeOf('?ssl-mode=required')).toBe('encrypt')
  expect(() => modeOf('?ssl-mode=maybe')).toThrow(/ssl-mode is one of/)
})

test('a socket, an IPv6 host, and what is missing', () => {
  expect(parseServerUrl('mysql://u@localhost/d?socket=/run/mysqld.sock').socketPath).toBe(
    '/run/mysqld.sock',
  )
  expect(parseServerUrl('mysql://u@[::1]:3306/d')).toMatchObject({ host: '::1', port: 3306 })
  expect(parseServerUrl('mysql://h')).toMatchObject({ user: 'root', database: undefined })
  expect(() => parseServerUrl('mysql://u:secret@h/d?lost=1')).toThrow(/^(?!.*secret).*not known/)
})
