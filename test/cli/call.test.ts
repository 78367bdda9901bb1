import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type CallOptions, call } from '../../dist/cli/call.js'
import { createColors, type Terminal } from '../../dist/cli/terminal.js'
import { vitrine } from '../support/command.ts'
import { makeDatabase, scratchFolder } from '../support/scratch.ts'

function writeConfig(): string {
  const folder = scratchFolder()
  makeDatabase(
    "CREATE TABLE orders (id INTEGER, note TEXT); INSERT INTO orders VALUES (1, 'a'), (2, 'b')",
    join(folder, 'shop.db'),
  )
  const config = join(folder, 'vitrine.yaml')
  writeFileSync(
    config,
    `sources: { shop: { url: sqlite:./shop.db, limits: { timeout: 20s } } }
tools:
  order:
    description: One order.
    source: shop
    parameters:
      id: { type: integer }
      notes: { type: array, items: { type: string }, optional: true }
    sql: select id, note from orders where id = :id and (:notes is null or note in (:notes))
`,
  )
  return config
}

/** What the command prints, or the message it ends with. */
async function printed(
  target: string,
  [tool = '', ...values]: readonly string[],
  more: Partial<CallOptions> = {},
): Promise<string> {
  let said = ''
  const terminal: Terminal = {
    print: (text) => (said += text),
    note: () => undefined,
    colors: createColors(false),
    noteColors: createColors(false),
    interactive: false,
    width: 100,
  }
  try {
    await call({ target, tool, values, ...more }, terminal)
    return said
  } catch (error) {
    const { message, hint } = error as { message: string; hint: string }
    return `${message} ${hint}`
  }
}

test('a tool is called as a model calls it, with an option for each argument', async () => {
  const config = writeConfig()
  const json = { json: true }
  expect(await printed(config, ['order', '--id', '2'])).toMatch(/id\s+note\n.*\n\s*2\s+b/)
  const listed = await printed(config, ['order', '--id=2', '--notes', 'b', '--notes', '-1'], json)
  expect(JSON.parse(listed)).toMatchObject({ rows: [[2, 'b']], row_count: 1 })
  const whole = await printed(config, ['order'], { ...json, jsonArgs: '{"id": 1, "notes": ["x"]}' })
  expect(JSON.parse(whole)).toMatchObject({ rows: [], row_count: 0 })
  expect(await printed(config, ['get_schema', '--table_name', 'orders'])).toContain('note text')
})

test('what is wrong with the arguments is said in words', async () => {
  const config = writeConfig()
  expect(await printed(config, ['order', '--id', 'x'])).toContain('must be a whole number, not "x"')
  expect(await printed(config, ['order'])).toContain('id is missing')
  expect(await printed(config, ['order', '--id'])).toContain('--id has no value')
  expect(await printed(config, ['order', 'id', '2'])).toContain('id stands behind no option')
  expect(await printed(config, ['order', '--id', '1', '--id', '2'])).toContain('there twice')
  expect(await printed(config, ['order', '--it', '1'])).toContain('there is no argument "it"')
  expect(await printed(config, ['order'], { jsonArgs: '[]' })).toContain('takes a JSON object')
  expect(await printed(config, ['order', '--id', '1'], { jsonArgs: '{}' })).toContain('not as both')
  expect(await printed(config, ['ordre'])).toContain('Did you mean "order"?')
})

test('from a shell: rows on stdout, and 2 for wrong arguments', async () => {
  const config = writeConfig()
  const right = await vitrine(['call', config, 'order', '--id', '1', '--notes', 'a', '--json'])
  expect([right.code, JSON.parse(right.stdout)]).toMatchObject([0, { rows: [[1, 'a']] }])
  const wrong = await vitrine(['call', config, 'order', '--id', '-x'])
  expect(wrong).toMatchObject({ code: 2, stdout: '' })
  expect(wrong.stderr).toContain('id must be a whole number, not "-x"')
})
