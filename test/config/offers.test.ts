import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../dist/config/load.js'
import { makeFiles } from '../support/offers.ts'

function write(yaml: string): string {
  const folder = makeFiles({
    'vitrine.yaml': `sources:\n  shop: { url: 'sqlite:./shop.db' }\n${yaml}`,
    'docs/a.md': 'A',
    'terms.md': 'T',
  })
  return join(folder, 'vitrine.yaml')
}

const messageOf = (yaml: string): Promise<string> =>
  loadConfig(write(yaml), {}).then(
    () => 'no mistake',
    ({ message }: Error) => message,
  )

const resource = (text: string): string => `resources: { x: { ${text} } }`
const prompt = (text: string): string => `prompts: { x: { ${text} } }`

test.each<[string, RegExp]>([
  [resource('folder: ./docs'), /^no mistake$/],
  [resource('file: ./terms.md, source: shop, title: Terms'), /^no mistake$/],
  [resource('source: shop, table: orders, key: [a, b]'), /^no mistake$/],
  [resource('tool: anything'), /^no mistake$/],
  [resource('tool: anything, source: shop'), /resources\.x\.source: does not belong to a tool/],
  [
    resource('folder: ./nowhere'),
    /vitrine\.yaml:3:27 {2}resources\.x\.folder: there is no such folder/,
  ],
  [resource('folder: ./terms.md'), /there is no such folder/],
  [resource('file: ./docs'), /there is no such file/],
  [resource('title: x'), /resources\.x: expected one of folder, file, table and tool/],
  [resource('folder: ./docs, file: ./terms.md'), /expected one of folder, file, table and tool/],
  [resource('file: ./terms.md, include: [a]'), /resources\.x\.include: does not belong to a file/],
  [resource('table: orders, source: shop'), /resources\.x\.key: missing/],
  [resource('table: orders, key: id'), /resources\.x\.source: missing/],
  [resource('table: orders, key: a b, source: shop'), /expected the name of a column/],
  [
    resource('table: orders, key: id, source: shp'),
    /expected the name of a source. Did you mean "shop"/,
  ],
  [resource('folder: ./docs, size: 6MB'), /expected a size from 1 byte to 5MB/],
  [resource('folder: ./docs, includes: [a]'), /unknown key\. Did you mean "include"/],
  ['resources: { shop: { folder: ./docs } }', /a source is called so/],
  ['resources: { schema: { table: t, key: id, source: shop } }', /this is taken/],
  ['resources: { "a-b": { folder: ./docs } }', /a resource is named with/],
  [prompt('messages: [{ text: Hi }]'), /^no mistake$/],
  [prompt('messages: []'), /expected at least one message/],
  [
    prompt('messages: [{ text: "{{month}}" }]'),
    /prompts\.x\.messages\[0\]\.text: there is no argument month/,
  ],
  [
    prompt('arguments: { month: {} }, messages: [{ text: "{{mnth}} {{month}}" }]'),
    /there is no argument mnth\. Did you mean "month"/,
  ],
  [prompt('arguments: { month: {} }, messages: [{ text: Hi }]'), /no message asks for it/],
  [prompt('messages: [{ text: a, resource: b }]'), /expected either text or resource/],
  [prompt('messages: [{ role: system, text: a }]'), /expected "user" or "assistant"/],
  [
    prompt('arguments: { a: { suggest: nonsense } }, messages: [{ text: "{{a}}" }]'),
    /expected sources, tables, or a column/,
  ],
  [
    prompt('arguments: { a: { suggest: shp.orders.id } }, messages: [{ text: "{{a}}" }]'),
    /expected the name of a source/,
  ],
  [
    prompt('arguments: { a: { suggest: sources, values: [b] } }, messages: [{ text: "{{a}}" }]'),
    /does not go with values/,
  ],
  [
    prompt('source: shp, messages: [{ text: Hi }]'),
    /prompts\.x\.source: expected the name of a source/,
  ],
  ['default_prompts: maybe', /expected true or false|expected boolean/],
])('%s', async (yaml, message) => {
  expect(await messageOf(yaml)).toMatch(message)
})
