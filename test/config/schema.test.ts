import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type JsonSchema, toJsonSchema } from '../../dist/config/schema.js'

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

test('schema.json is what the code says; `node dist/config/write-schema.js schema.json` writes it', () => {
  expect(JSON.parse(read('schema.json'))).toEqual(JSON.parse(JSON.stringify(toJsonSchema())))
})

test('every key stands in docs/configuration.md, and tells what it is', () => {
  const page = read('docs/configuration.md')
  const silent: string[] = []
  const visit = (schema: JsonSchema): void => {
    for (const [key, part] of Object.entries(schema.properties ?? {})) {
      if (!page.includes(`\`${key}\``) || part.description === undefined) silent.push(key)
      visit(part)
    }
    if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties)
  }
  visit(toJsonSchema())
  expect(silent).toEqual([])
})

test('editors refuse unknown keys and take a variable where a size is expected', () => {
  const schema = toJsonSchema()
  expect(schema.additionalProperties).toBe(false)
  const source = schema.properties?.['sources']?.additionalProperties
  const memory =
    typeof source === 'object' ? source.properties?.['limits']?.properties?.['memory'] : undefined
  const pattern = new RegExp(
    (memory as { anyOf: { pattern?: string }[] }).anyOf.find((one) => one.pattern)?.pattern ?? '',
  )
  expect(['512MB', '${MEMORY:-1GiB}', 'much'].map((text) => pattern.test(text))).toEqual([
    true,
    true,
    false,
  ])
})
