import type { JsonSchema } from '../base/json-schema.ts'
import { objectOf, resolved, typesOf } from './parameters.ts'

type Arguments = Readonly<Record<string, unknown>>

/** Arguments of the right form, to be replaced: what has to be given, and nothing else. */
export function toSampleArguments(schema: JsonSchema): Arguments {
  return sampleOf({ ...schema, type: 'object' }, schema, 0) as Arguments
}

const deepest = 5

function sampleOf(written: JsonSchema, root: JsonSchema, depth: number): unknown {
  const schema = resolved(written, root)
  const [said] = [
    schema['default'],
    firstOf(schema['examples']),
    firstOf(schema['enum']),
    schema['const'],
  ].filter((value) => value !== undefined)
  if (said !== undefined) return said
  const choice = firstOf(schema['anyOf']) ?? firstOf(schema['oneOf'])
  if (choice !== undefined && depth < deepest) return sampleOf(objectOf(choice), root, depth + 1)
  switch (typesOf(schema)[0] ?? 'string') {
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1
    case 'boolean':
      return true
    case 'null':
      return null
    case 'array':
      return depth < deepest ? [sampleOf(objectOf(schema['items']), root, depth + 1)] : []
    case 'object':
      return depth < deepest ? sampleObject(schema, root, depth) : {}
    default:
      return texts[String(schema['format'])] ?? '…'
  }
}

function sampleObject(schema: JsonSchema, root: JsonSchema, depth: number): Arguments {
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []
  const entries = Object.entries(objectOf(schema['properties']))
    .filter(([name]) => required.includes(name))
    .map(([name, one]) => [name, sampleOf(objectOf(one), root, depth + 1)] as const)
  return Object.fromEntries(entries)
}

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined)

const texts: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T13:30:00Z',
  email: 'ana@example.com',
  uri: 'https://example.com/',
  uuid: '3f0b6c1e-8f2a-4c57-9a44-2d1f6f1f3c11',
}
