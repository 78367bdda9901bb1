/** JSON Schema (2020-12): is a schema right, and does a value fit it? */
import type { ErrorObject } from 'ajv'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import { AppError } from './error.ts'
import { createInterruptible } from './interruptible.ts'
import { lazily } from './lazily.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** Something that does not fit, at a place within the value. */
export interface Mismatch {
  /** Keys, and positions in lists. */
  readonly path: readonly string[]
  /** What was expected there: `a whole number`, `one of "paid", "new"`. */
  readonly expected: string
}

/**
 * None where the value fits.
 *
 * @throws AppError `invalid_input` where nobody can tell in time
 */
export type Check = (value: unknown) => Mismatch | undefined

/** Something wrong in a schema. */
interface SchemaFlaw {
  readonly path: readonly string[]
  /** A keyword that does not exist. */
  readonly keyword?: string | undefined
  readonly message: string
}

export interface JsonSchemas {
  /** What is wrong with its shape alone; unknown keywords are none of it. */
  readonly misshapen: (schema: JsonSchema) => SchemaFlaw | undefined
  /** Nothing outside of the schema is referred to. */
  readonly flawOf: (schema: JsonSchema) => SchemaFlaw | undefined
  /** @throws Error for a schema with a flaw */
  readonly compile: (schema: JsonSchema) => Check
}

/** The library is loaded here and nowhere else; what this returns keeps what it has compiled. */
export async function loadJsonSchemas(): Promise<JsonSchemas> {
  const [ajv, misshapen] = await Promise.all([createAjv(), loadShape()])
  const inTime = createInterruptible()
  return {
    misshapen,
    flawOf(schema) {
      const flaw = misshapen(schema)
      if (flaw !== undefined) return flaw
      try {
        ajv.compile(schema)
        return undefined
      } catch (error) {
        return explainRefusal(error as Error)
      }
    },
    compile(schema) {
      const flaw = misshapen(schema)
      if (flaw !== undefined) throw new Error(`${flaw.path.join('.')}: ${flaw.message}`)
      const validate = ajv.compile(schema)
      const isSlow = slowKeywords.test(JSON.stringify(schema))
      return (value) => {
        const fits = isSlow ? inTime(() => validate(value), untold) : validate(value)
        return fits ? undefined : toMismatch(validate.errors ?? [])
      }
    },
  }
}

/** What a schema itself must be like is compiled once in a process: it is the same for all and takes 30 ms. */
const loadShape = lazily(async (): Promise<JsonSchemas['misshapen']> => {
  const ajv = await createAjv()
  return (schema) => (ajv.validateSchema(schema) === true ? undefined : toFlaw(ajv.errors?.[0]))
})

/** It does not judge schemas when it compiles them. */
async function createAjv(): Promise<Ajv2020> {
  const [{ Ajv2020 }, formats] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
  ])
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    validateSchema: false,
    logger: false,
  })
  // The module is CommonJS: what it exports by default is one level down.
  formats.default.default(ajv)
  return ajv
}

/** What a value of a few characters, or of some thousand items, can make take for ever. */
const slowKeywords = /"(?:pattern|patternProperties|uniqueItems)":/

const untold = (): AppError =>
  new AppError('invalid_input', 'Nobody can tell in time whether a value fits its pattern.', {
    hint: 'Give a shorter or simpler value, and tell the person who runs the server: the pattern should not repeat what is repeated already.',
  })

/** The names of all keywords, for whoever mistyped one. */
export const keywords: readonly string[] =
  'type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format items prefixItems minItems maxItems uniqueItems contains properties required additionalProperties patternProperties propertyNames minProperties maxProperties anyOf oneOf allOf not default examples title description'.split(
    ' ',
  )

const toFlaw = (error: ErrorObject | undefined): SchemaFlaw =>
  error === undefined
    ? { path: [], message: 'it is no JSON Schema' }
    : { path: toPath(error.instancePath), message: `expected ${expectation(error)}` }

function explainRefusal({ message }: Error): SchemaFlaw {
  const [, keyword] = /unknown keyword: "(.*)"/.exec(message) ?? []
  if (keyword !== undefined) return { path: [], keyword, message: 'unknown keyword of JSON Schema' }
  return { path: [], message: message.replace(/^strict mode: /, '') }
}

/** The first one: of a choice between schemas, what the first of them asks for. */
function toMismatch(errors: readonly ErrorObject[]): Mismatch {
  const [first] = errors
  return first === undefined
    ? { path: [], expected: 'something else' }
    : { path: toPath(first.instancePath), expected: expectation(first) }
}

/** RFC 6901, section 4. */
export const toPath = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

const types: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

const formats: Readonly<Record<string, string>> = {
  date: 'a date such as 2026-01-31',
  time: 'a time with its zone, such as 13:30:00Z',
  'date-time': 'a time such as 2026-01-31T13:30:00Z',
  email: 'an e-mail address',
  uri: 'a URI',
  uuid: 'a UUID',
}

const listed = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(', ')

/** By keyword; each is given the parameters that the library tells of it. */
const expectations: Readonly<Record<string, (params: Record<string, unknown>) => string>> = {
  type: ({ type }) =>
    [type]
      .flat()
      .map((one) => types[String(one)] ?? String(one))
      .join(' or '),
  enum: ({ allowedValues }) => `one of ${listed(allowedValues as unknown[])}`,
  const: ({ allowedValue }) => JSON.stringify(allowedValue),
  minimum: ({ limit }) => `a number of at least ${String(limit)}`,
  maximum: ({ limit }) => `a number of at most ${String(limit)}`,
  exclusiveMinimum: ({ limit }) => `a number above ${String(limit)}`,
  exclusiveMaximum: ({ limit }) => `a number below ${String(limit)}`,
  multipleOf: ({ multipleOf }) => `a multiple of ${String(multipleOf)}`,
  minLength: ({ limit }) => `text of at least ${String(limit)} characters`,
  maxLength: ({ limit }) => `text of at most ${String(limit)} characters`,
  pattern: ({ pattern }) => `text that matches ${String(pattern)}`,
  format: ({ format }) => formats[String(format)] ?? `text in the format ${String(format)}`,
  minItems: ({ limit }) => `a list of at least ${String(limit)}`,
  maxItems: ({ limit }) => `a list of at most ${String(limit)}`,
  uniqueItems: () => 'a list that names nothing twice',
  required: ({ missingProperty }) => `an object with ${String(missingProperty)}`,
  additionalProperties: ({ additionalProperty }) =>
    `an object without ${String(additionalProperty)}`,
}

const expectation = ({ keyword, params, message }: ErrorObject): string =>
  expectations[keyword]?.(params) ?? `a value that ${message ?? 'fits'}`
