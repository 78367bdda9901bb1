/** Says what is wrong with a configuration, and where, so that it can be put right without a manual. */
import type { z } from 'zod'
import { didYouMean } from '../base/nearest.ts'
import type { ConfigDocument, Entry } from './document.ts'
import { hideSecrets } from './excerpt.ts'
import { type Flaw, type Path, type Span, toDots } from './flaw.ts'
import { aboutKey } from './checks.ts'
import { type JsonSchema, toJsonSchema } from './schema.ts'

type Issue = z.core.$ZodIssue

/** What the schema has against the values. A value whose variable is not set is not judged. */
export function explainIssues(issues: readonly Issue[], document: ConfigDocument): Flaw[] {
  const schema = toJsonSchema()
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
    if (issue.code === 'unrecognized_keys') {
      return issue.keys
        .filter((key) => key !== '__proto__')
        .map((key) => unknownKey([...path, key], schema, document))
    }
    const entry = document.entryAt(path)
    if ((entry.filled?.problems.length ?? 0) > 0) return []
    return [{ path, ...explainIssue(issue, { entry, example: exampleAt(schema, path) }) }]
  })
}

function unknownKey(path: Path, schema: JsonSchema, document: ConfigDocument): Flaw {
  const key = String(path.at(-1))
  const keys = Object.keys(schemaAt(schema, path.slice(0, -1))?.properties ?? {})
  const hint =
    key === '<<'
      ? 'Merge keys are not supported; write the keys out.'
      : (didYouMean(key, keys) ?? elsewhere(key, schema, []) ?? `Keys here: ${keys.join(', ')}.`)
  return { path, span: document.entryAt(path).key, message: `unknown key. ${hint}` }
}

/** Where else a key of that name belongs. */
function elsewhere(key: string, schema: JsonSchema, path: Path): string | undefined {
  if (schema.properties?.[key] !== undefined) {
    return path.length === 0 ? 'It belongs at the top.' : `It belongs in ${toDots(path)}.`
  }
  const children = Object.entries(schema.properties ?? {})
  if (schema.additionalProperties) children.push(['<name>', schema.additionalProperties])
  for (const [name, child] of children) {
    const found = elsewhere(key, child, [...path, name])
    if (found !== undefined) return found
  }
  return undefined
}

interface Place {
  readonly entry: Entry
  readonly example: string | undefined
}

function explainIssue(issue: Issue, place: Place): { span: Span; message: string } {
  const { entry } = place
  if (!entry.exists) {
    return { span: entry.key, message: `missing. ${capitalized(expectation(issue, place))}.` }
  }
  if (issue.code === 'custom' && issue.params?.['about'] === aboutKey.about) {
    return { span: entry.key, message: issue.message }
  }
  const message = `${expectation(issue, place)}; got ${shown(entry)}.`
  return { span: entry.value, message: [message, advice(issue, entry)].join(' ').trim() }
}

function expectation(issue: Issue, { example }: Place): string {
  if (issue.code === 'invalid_value') {
    return `expected ${issue.values.map((value) => `"${String(value)}"`).join(' or ')}`
  }
  if (issue.code !== 'invalid_type') return issue.message
  const kind = kinds[issue.expected] ?? issue.expected
  return `expected ${kind}${example === undefined ? '' : `, such as ${example}`}`
}

/** How the schema's types are called here. */
const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
}

/** The value as it is written. What a variable filled in is not shown, nor what may be a password. */
function shown({ written, filled }: Entry): string {
  const [variable] = filled?.variables ?? []
  if (variable !== undefined) return `the value of \${${variable}}`
  if (written === null || written === undefined) return 'nothing'
  if (Array.isArray(written)) return written.length === 0 ? 'an empty list' : 'a list'
  if (typeof written === 'object') return 'a mapping'
  if (typeof written !== 'string') return JSON.stringify(written)
  const text = hideSecrets(written)
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

function advice(issue: Issue, { written, filled }: Entry): string | undefined {
  if (issue.code === 'invalid_value' && filled === undefined) {
    return didYouMean(String(written), issue.values.map(String))
  }
  const isText = issue.code === 'invalid_type' && issue.expected === 'string'
  if (!isText || (typeof written !== 'number' && typeof written !== 'boolean')) return undefined
  return `In quotes it is text: "${written}".`
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The part of the schema for a path; the names of sources and columns are any. */
function schemaAt(schema: JsonSchema | undefined, path: Path): JsonSchema | undefined {
  const [step, ...rest] = path
  if (step === undefined || schema === undefined) return schema
  const child = schema.properties?.[step] ?? (schema.additionalProperties || schema.items)
  return schemaAt(child, rest)
}

function exampleAt(schema: JsonSchema, path: Path): string | undefined {
  const [example] = schemaAt(schema, path)?.examples ?? []
  return typeof example === 'object' ? JSON.stringify(example) : (example as string | undefined)
}
