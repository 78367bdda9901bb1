import type { Elicit, Elicitation, ElicitationAnswer } from '../agent/index.ts'
import { type Check, loadJsonSchemas } from '../base/json-schema.ts'
import { shorten } from '../base/shorten.ts'
import { spellOut, spellOutLines } from '../tools/confirm/spell-out.ts'
import { readLine } from './read-line.ts'
import type { Terminal } from './terminal.ts'

/** What a person reads of a server's words, and how many fields it may ask for. */
const most = { message: 4000, name: 100, description: 500, fields: 20 }

type Value = string | number | boolean | string[]

/** Puts what a server asks to the person, field by field, and sends nothing that the person has not seen whole. */
export const elicitorAt =
  (terminal: Terminal): Elicit =>
  async ({ server, message, requestedSchema }, signal) => {
    terminal.note(introduce({ server, message }))
    const fields = fieldsOf(requestedSchema)
    if (fields.length > most.fields) {
      terminal.note(`It asks for ${fields.length} answers, which is too many: it gets none.`)
      return { action: 'decline' }
    }
    const content: Record<string, Value> = {}
    for (const field of fields) {
      const value = await askField(field, terminal, signal)
      if (value === undefined) return { action: 'cancel' }
      if (value !== '') content[field.name] = value
      else if (field.required) return { action: 'decline' }
    }
    const sure = await readLine(`Send this to ${spellOut(server)}? [y/N] `, signal)
    return toAnswer(sure, content)
  }

/** The server's words stand indented, as no line of ours does, and end where nobody would read on. */
export const introduce = ({ server, message }: Pick<Elicitation, 'server' | 'message'>): string =>
  [
    '',
    `The server ${spellOut(server)} asks, and will be sent what you answer:`,
    ...spellOutLines(shorten(message, most.message)).map((line) => `    ${line}`),
  ].join('\n')

function toAnswer(sure: string | undefined, content: Record<string, Value>): ElicitationAnswer {
  if (sure === undefined) return { action: 'cancel' }
  return /^y(es)?$/i.test(sure.trim()) ? { action: 'accept', content } : { action: 'decline' }
}

interface Field {
  readonly name: string
  readonly required: boolean
  readonly schema: Readonly<Record<string, unknown>>
}

function fieldsOf({ properties, required }: Readonly<Record<string, unknown>>): readonly Field[] {
  const needed = Array.isArray(required) ? (required as unknown[]) : []
  return Object.entries((properties ?? {}) as Record<string, Field['schema']>).map(
    ([name, schema]) => ({ name, schema, required: needed.includes(name) }),
  )
}

/** Until the answer fits; empty where the person gives none, undefined where nothing can be answered any more. */
async function askField(
  field: Field,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Value | undefined> {
  const empty = field.required ? 'empty: do not answer' : 'empty: leave it out'
  const check = await checkOf(field)
  for (;;) {
    const answer = await readLine(`    ${describe(field)} (${empty}) `, signal)
    if (answer === undefined || answer.trim() === '') return answer?.trim()
    const value = toValue(answer.trim(), field)
    const expected = value === undefined ? undefined : expectedOf(check, value)
    if (value !== undefined && expected === undefined) return value
    terminal.note(spellOut(`That is none of it${expected === undefined ? '' : `: ${expected}`}.`))
  }
}

/** Limits and formats, as the server will check them; a schema that is odd is the server's to check alone. */
async function checkOf({ schema }: Field): Promise<Check> {
  const schemas = await loadJsonSchemas()
  try {
    return schemas.compile(schema)
  } catch {
    return () => undefined
  }
}

function expectedOf(check: Check, value: Value): string | undefined {
  try {
    return check(value)?.expected
  } catch {
    return undefined
  }
}

function describe({ name, schema }: Field): string {
  const { title, description, type } = schema
  const words = [title, description].filter((word) => typeof word === 'string').map(String)
  const choices = choicesOf(schema)
  const which =
    choices.length === 0
      ? []
      : [`${type === 'array' ? 'any of, with commas' : 'one of'}: ${choices.join(', ')}`]
  const kind = type === 'boolean' ? ['yes or no'] : []
  const all = [...words, ...which, ...kind].join('; ')
  const more = all === '' ? '' : `: ${spellOut(shorten(all, most.description))}`
  return `${spellOut(shorten(name, most.name))}${more}`
}

/** As a list of values, or of constants with titles, for one of them or, below `items`, for several. */
function choicesOf({ enum: values, oneOf, anyOf, items }: Field['schema']): readonly string[] {
  if (typeof items === 'object' && items !== null) return choicesOf(items as Field['schema'])
  if (Array.isArray(values)) return values.map(String)
  const titled = oneOf ?? anyOf
  if (!Array.isArray(titled)) return []
  return titled.map((one) => String((one as { const?: unknown } | null)?.const))
}

function toValue(answer: string, { schema }: Field): Value | undefined {
  const choices = choicesOf(schema)
  const known = (word: string): boolean => choices.length === 0 || choices.includes(word)
  switch (schema['type']) {
    case 'boolean':
      if (/^(y|yes|true)$/i.test(answer)) return true
      return /^(n|no|false)$/i.test(answer) ? false : undefined
    case 'number':
    case 'integer': {
      const number = Number(answer)
      const fits = schema['type'] === 'integer' ? Number.isInteger(number) : Number.isFinite(number)
      return fits ? number : undefined
    }
    case 'array': {
      const words = answer.split(',').map((word) => word.trim())
      return words.every(known) ? words : undefined
    }
    default:
      return known(answer) ? answer : undefined
  }
}
