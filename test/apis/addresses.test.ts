import { expect, test } from 'vitest'
import { createAddressCheck, isRange } from '../../dist/apis/address.js'
import type { Resolve } from '../../dist/apis/lookup.js'
import { failureOf, get, openApi } from '../support/api.ts'
import { json, startApi } from '../support/api-server.ts'

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::10.0.0.1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'no address',
])('%s is no public address', (address) => {
  expect(createAddressCheck('none')(address)).toBe(false)
})

test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
  '%s is a public address',
  (address) => {
    expect(createAddressCheck('none')(address)).toBe(true)
  },
)

test('private networks are opened whole, without link-local and metadata addresses', () => {
  const isOpen = createAddressCheck('private')
  const open = ['127.0.0.1', '10.1.2.3', '192.168.0.9', '100.64.0.1', '::1', 'fd12::1', '8.8.8.8']
  expect(open.filter((address) => !isOpen(address))).toEqual([])
  const closed = ['169.254.169.254', '100.100.100.200', 'fd00:ec2::254', 'fe80::1', '0.0.0.0', '::']
  expect(closed.filter(isOpen)).toEqual([])
  expect(isOpen('::ffff:10.0.0.1')).toBe(true)
})

test('an address that is named is open, and no other one', () => {
  const isOpen = createAddressCheck(['10.1.0.0/16', '169.254.169.254', '::1'])
  expect(['10.1.255.1', '169.254.169.254', '::1', '::ffff:10.1.0.1'].every(isOpen)).toBe(true)
  expect(['10.2.0.1', '127.0.0.1', '169.254.169.253', '::2'].some(isOpen)).toBe(false)
  expect(['10.0.0.0/8', '::1', 'fd00::/8'].every(isRange)).toBe(true)
  expect(['10.0.0.0/0', '10.0.0.0/33', 'localhost', '::1/129', ''].some(isRange)).toBe(false)
})

test.each([
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '127.0.0.1.',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '0',
  'localhost',
  'LOCALHOST',
])('a closed address is not connected to, however it is written: %s', async (host) => {
  const server = await startApi(json({}))
  const api = openApi(`http://${host}:${server.port}`, { privateAddresses: 'none' })
  const { code, message, hint, detail } = await failureOf(get(api))
  expect(code).toBe('source_unavailable')
  expect(`${String(message)}${String(hint)}`).not.toMatch(/127|::1|localhost|\d{4}/i)
  expect(detail).toMatch(/no public address/)
  expect(server.asked).toEqual([])
})

const name = 'billing.example'

const resolvingTo =
  (...answers: readonly string[][]): Resolve =>
  async () => {
    const addresses = answers.length > 1 ? (answers as string[][]).shift() : answers[0]
    return (addresses ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }

test('a name that leads to a closed address is not connected to', async () => {
  const server = await startApi(json({}))
  const change = { privateAddresses: 'none' as const, resolve: resolvingTo(['127.0.0.1']) }
  const found = await failureOf(get(openApi(`http://${name}:${server.port}`, change)))
  expect(found).toMatchObject({ code: 'source_unavailable', detail: /^/ })
  expect(found['detail']).toBe(
    'billing.example is 127.0.0.1, which is no public address. `private_addresses` of this source opens it.',
  )
  expect(server.asked).toEqual([])
})

test('of a name with several addresses only the open ones are connected to', async () => {
  const server = await startApi(json({}))
  const resolve = resolvingTo(['169.254.169.254', '127.0.0.1'])
  const api = openApi(`http://${name}:${server.port}`, { privateAddresses: ['127.0.0.1'], resolve })
  expect((await get(api)).status).toBe(200)
})

test('a name that changes after it was looked up is looked at again, and connected to as it was looked at', async () => {
  const server = await startApi((_request, response) => {
    response.writeHead(200, { connection: 'close' }).end()
  })
  const asked: string[] = []
  const answers = [['127.0.0.1'], ['169.254.169.254']]
  const resolve: Resolve = async (host) => {
    asked.push(host)
    return (answers.shift() ?? []).map((address) => ({ address, family: 4 }))
  }
  const api = openApi(`http://${name}:${server.port}`, { resolve })
  expect((await get(api)).status).toBe(200)
  expect(await failureOf(get(api))).toMatchObject({ code: 'source_unavailable' })
  // Once for each connection: nothing resolves the name a second time behind the check.
  expect(asked).toEqual([name, name])
  expect(server.asked).toHaveLength(1)
})
