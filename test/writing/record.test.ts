import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scratchFolder } from '../support/scratch.ts'
import { engines, openWritingApp, outcomeOf, writeShopConfig } from '../support/writing.ts'

const [{ make }] = engines as [(typeof engines)[number]]

const lineOf = ({ decision, reason, effect, confirmation, affected }: Record<string, unknown>) =>
  [decision, reason, effect, confirmation, affected]
    .map((part) => (typeof part === 'string' || typeof part === 'number' ? part : '-'))
    .join(' ')

async function openRecorded(file = join(scratchFolder(), 'audit.jsonl'), more = '') {
  const database = await make()
  const config = writeShopConfig(database, {
    more: `audit: { file: ${file}, statements: true }\n${more}`,
  })
  const shop = await openWritingApp(config)
  const lines = () =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { ...shop, database, file, lines }
}

describe('the record of a change', () => {
  test('has what was asked, what was said, and what it did', async () => {
    const { confirmed, call, lines } = await openRecorded()
    await confirmed('ship_order', { id: 1 })
    await outcomeOf(confirmed('ship_order', { id: 1 }, 'declined'))
    await outcomeOf(confirmed('ship_order', { id: 1 }, 'cancelled'))
    await outcomeOf(confirmed('ship_above', { total: 0 }))
    await outcomeOf(call('ship_order', { id: 1 }, { asking: null }))
    const response = { state: 'forged', decision: 'accepted' } as const
    await outcomeOf(call('ship_order', { id: 1 }, { asking: { response } }))
    await call('query_database', { query: 'SELECT 1' })
    expect(lines().map(lineOf)).toEqual([
      'asked - write asked -',
      'confirmed - write accepted -',
      'allowed - write accepted 1',
      'asked - write asked -',
      'refused not_confirmed write declined -',
      'asked - write asked -',
      'refused not_confirmed write cancelled -',
      'asked - write asked -',
      'confirmed - write accepted -',
      'failed change_too_large write accepted -',
      'refused not_confirmed write nobody_to_ask -',
      'refused not_confirmed write not_valid -',
      'allowed - - - -',
    ])
    expect(lines()[1]).toMatchObject({
      actor: 'local',
      tool: 'ship_order',
      source: 'shop',
      statement: expect.stringContaining('UPDATE orders') as string,
    })
  })

  test('of tokens tells that they are tokens', async () => {
    const { call, lines } = await openRecorded(
      undefined,
      'confirm: { when_nobody_can_be_asked: token }',
    )
    const { answer } = await call('ship_order', { id: 1 }, { asking: null })
    const { token } = answer['confirm'] as { token: string }
    await call('ship_order', { id: 1, confirm_token: token }, { asking: null })
    expect(lines().map(lineOf)).toEqual([
      'asked - write token_given -',
      'confirmed - write token_used -',
      'allowed - write token_used 1',
    ])
  })

  test('comes first: what cannot be recorded is not done', async () => {
    const folder = scratchFolder()
    const file = join(folder, 'gone', 'audit.jsonl')
    const { confirmed, database } = await openRecorded(file)
    expect(await outcomeOf(confirmed('ship_order', { id: 1 }))).toBe('audit_failed')
    expect(await database.rows('SELECT DISTINCT status FROM orders')).toEqual([['new']])
  })
})
