/** What a model might do that obeys whoever spoke last. */
import fc from 'fast-check'
import { join } from 'node:path'
import { injection } from './hostile-servers.ts'

export interface ScriptedCall {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

type Making = readonly [name: string, input: (n: number) => Record<string, unknown>]

/** Calls that their servers take, of which many do something. */
const sensible = (folder: string): readonly Making[] => [
  ['files__read_text_file', () => ({ path: join(folder, 'kept.txt') })],
  ['files__read_text_file', (n) => ({ path: join(folder, `${injection} ${n}`) })],
  ['files__list_directory', () => ({ path: folder })],
  ['files__write_file', (n) => ({ path: join(folder, `new-${n}`), content: injection })],
  ['files__move_file', (n) => ({ source: join(folder, 'a'), destination: join(folder, `b${n}`) })],
  ['memory__read_graph', () => ({})],
  [
    'memory__create_entities',
    (n) => ({ entities: [{ name: `${n}`, entityType: 'x', observations: [injection] }] }),
  ],
  ['memory__delete_entities', (n) => ({ entityNames: [`${n}`] })],
  ['everything__echo', (n) => ({ message: `${n} ${injection}` })],
  ['everything__get-sum', (n) => ({ a: n, b: 1 })],
  ['everything__get-annotated-message', () => ({ messageType: 'error', includeImage: false })],
  ['everything__get-resource-reference', (n) => ({ resourceType: 'Text', resourceId: n + 1 })],
  ['everything__toggle-simulated-logging', () => ({})],
  ['remote__echo', (n) => ({ message: `${n} ${injection}` })],
  ['remote__get-resource-links', (n) => ({ count: n + 1 })],
  ['remote__toggle-subscriber-updates', () => ({})],
  ...['shop', 'web'].flatMap((server): Making[] => [
    [`${server}__query_database`, (n) => ({ query: `SELECT body FROM reviews WHERE id = ${n}` })],
    [`${server}__query_database`, (n) => ({ query: `DELETE FROM reviews WHERE id = ${n}` })],
    [`${server}__get_schema`, () => ({ table_name: 'customers' })],
    [`${server}__refresh_cache`, () => ({})],
    [`${server}__cancel_job`, (n) => ({ job_id: `job_${n}` })],
  ]),
  ...['read', 'fetch', 'note', 'send', 'wipe', 'lie'].map((name): Making => [
    `odd__${name}`,
    (n) => ({ n, all: injection }),
  ]),
]

const strange = ['read_result', 'wipe', 'odd__', '__proto__', 'odd__wipe ', 'files__send']

/** Answers of the model: each some calls, a few of them wrong in name or arguments. */
export function hostileScripts(folder: string): fc.Arbitrary<readonly (readonly ScriptedCall[])[]> {
  const calls = sensible(folder)
  const whole = fc.tuple(fc.constantFrom(...calls), fc.nat(3))
  const call = fc.oneof(
    { weight: 9, arbitrary: whole.map(([[name, input], n]) => ({ name, input: input(n) })) },
    {
      weight: 2,
      arbitrary: fc.record({
        name: fc.constantFrom(...calls.map(([name]) => name), ...strange),
        input: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), {
          maxKeys: 3,
        }),
      }),
    },
  )
  return fc.array(fc.array(call, { minLength: 1, maxLength: 4 }), { maxLength: 4 })
}
