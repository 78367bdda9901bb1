import { describe, expect, test } from 'vitest'
import { AtTerminal, hasPty, keys } from '../support/pty.ts'
import { engines, writeShopConfig } from '../support/writing.ts'

const [{ make }] = engines as [(typeof engines)[number]]
const shipped = "SELECT id FROM orders WHERE status = 'shipped'"

describe.skipIf(!hasPty)('a change that is called for at a terminal', () => {
  test.each([
    ['is made after a yes', 'yes\n', 0, [['2']]],
    ['is not made after anything else', 'y\n', 1, []],
    ['is not made after Ctrl-D', keys.ctrlD, 1, []],
    ['is not made after Ctrl-C', keys.ctrlC, 1, []],
  ])('%s', async (_what, typed, code, rows) => {
    const shop = await make()
    const call = new AtTerminal(['call', writeShopConfig(shop), 'ship_order', '--id', '2'])
    await call.sees(/Type yes to do it: /)
    call.types(typed)
    expect(await call.ended()).toBe(code)
    expect(await shop.rows(shipped)).toEqual(rows)
  })
})
