import type { Actor } from '../base/actor.ts'
import { missingClaim } from '../base/claim.ts'
import { AppError } from '../base/error.ts'
import type { Check, JsonSchema, JsonSchemas, Mismatch } from '../base/json-schema.ts'
import { lazily } from '../base/lazily.ts'
import { didYouMean } from '../base/nearest.ts'
import type { InputSchema } from './tool.ts'

/** A value that a declared tool takes. */
export interface DeclaredParameter {
  /** As it is published. */
  readonly schema: JsonSchema
  /** Left out, it is the default of its schema, or null. */
  readonly isOptional: boolean
  /** Of the actor, which gives the value; a model is not asked, and sees nothing of it. */
  readonly claim: string | undefined
}

export type DeclaredParameters = Readonly<Record<string, DeclaredParameter>>

/** Those of which a model sees nothing. */
export const claimedNames = (parameters: DeclaredParameters): string[] =>
  Object.keys(parameters).filter((name) => parameters[name]?.claim !== undefined)

/** The values of a call, by name; null for what was left out, a bigint for a whole number beyond 2^53. */
export type Values = Readonly<Record<string, unknown>>

export interface ReadOptions {
  readonly tool: string
  readonly actor: Actor | undefined
  /** A null that fits is a value, and what was left out is undefined; else both are null. */
  readonly keepsNull?: boolean
}

/** Bytes of all arguments of a call together, as JSON. */
const mostBytes = 100_000

/** The parameters of a tool that is declared and not written. */
export class Parameters {
  /** As listed. */
  readonly inputSchema: InputSchema
  readonly #declared: DeclaredParameters
  readonly #checks: () => Promise<ReadonlyMap<string, Check>>

  /** `schemas` is asked when the first call comes. */
  constructor(declared: DeclaredParameters, schemas: () => Promise<JsonSchemas>) {
    this.#checks = lazily(async () => {
      const { compile } = await schemas()
      return new Map(Object.entries(declared).map(([name, { schema }]) => [name, compile(schema)]))
    })
    this.#declared = declared
    const asked = Object.entries(declared).filter(([, { claim }]) => claim === undefined)
    const required = asked.filter(([, { isOptional }]) => !isOptional).map(([name]) => name)
    this.inputSchema = {
      type: 'object',
      properties: Object.fromEntries(asked.map(([name, { schema }]) => [name, schema])),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    }
  }

  /**
   * The values of a call: what was given, checked, what the actor's claims say, and defaults.
   *
   * @throws AppError `invalid_input`; `not_allowed` where a claim is missing
   */
  async read(given: unknown, { tool, actor, keepsNull = false }: ReadOptions): Promise<Values> {
    const checks = await this.#checks()
    const written = toObject(given, tool)
    const mistakes = this.#strangers(written)
    const values: Record<string, unknown> = {}
    for (const [name, declared] of Object.entries(this.#declared)) {
      const check = checks.get(name) ?? refuseAll
      if (declared.claim !== undefined) {
        values[name] = fromClaim(declared.claim, { actor, check })
        continue
      }
      const { value, mismatch } = tidy(own(written, name), declared, check)
      if (value === undefined && !declared.isOptional) mistakes.push(`${name} is missing`)
      const usual = declared.schema['default']
      values[name] = keepsNull ? (value === undefined ? usual : value) : (value ?? usual ?? null)
      if (mismatch !== undefined)
        mistakes.push(
          `${[name, ...mismatch.path].join('.')} must be ${mismatch.expected}, not ${shown(at(value, mismatch.path))}`,
        )
    }
    if (mistakes.length > 0) throw this.#wrong(tool, mistakes)
    return values
  }

  get #names(): string[] {
    return Object.keys(this.inputSchema['properties'] as object)
  }

  #strangers(written: Values): string[] {
    const names = this.#names
    return Object.keys(written)
      .filter((name) => !names.includes(name))
      .map((name) => {
        const hint = didYouMean(name, names)
        return `there is no argument ${JSON.stringify(name)}${hint === undefined ? '' : `. ${hint}`}`
      })
  }

  #wrong(tool: string, mistakes: readonly string[]): AppError {
    const names = this.#names
    const hint =
      names.length === 0 ? 'It takes no arguments.' : `Its arguments are ${names.join(', ')}.`
    return new AppError('invalid_input', `Wrong arguments for ${tool}: ${mistakes.join('; ')}.`, {
      hint,
    })
  }
}

const refuseAll: Check = () => ({ path: [], expected: 'left out' })

function toObject(given: unknown, tool: string): Values {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given))
    throw new AppError('invalid_input', `The arguments of ${tool} must be a JSON object.`)
  if (JSON.stringify(given).length > mostBytes)
    throw new AppError(
      'invalid_input',
      `The arguments of ${tool} have more than ${mostBytes} characters.`,
    )
  return given as Values
}

const own = (values: Values, name: string): unknown =>
  Object.hasOwn(values, name) ? values[name] : undefined

interface Tidied {
  readonly value: unknown
  readonly mismatch?: Mismatch
}

/** As it was meant: null and empty text for what may be left out, a number in quotes for the number. */
function tidy(value: unknown, { isOptional }: DeclaredParameter, check: Check): Tidied {
  const mismatch = value === undefined ? undefined : check(value)
  if (mismatch === undefined) return { value }
  if ((value === null || value === '') && isOptional) return { value: undefined }
  const isMeant = check(toNumber(value, Number)) === undefined
  return isMeant ? { value: toNumber(value, toExact) } : { value, mismatch }
}

/** The same with numbers for whole numbers in quotes, those of a list too. */
function toNumber(value: unknown, convert: (digits: string) => number | bigint): unknown {
  if (Array.isArray(value)) return value.map((item) => toNumber(item, convert))
  return typeof value === 'string' && /^\s*-?\d{1,19}\s*$/.test(value) ? convert(value) : value
}

/** Beyond 2^53 a number of JavaScript is another one: so an answer writes it in quotes too. */
const toExact = (digits: string): number | bigint =>
  Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits)

/**
 * @throws AppError `not_allowed`: a claim that is missing opens nothing; one that does not fit neither
 */
function fromClaim(
  claim: string,
  { actor, check }: { actor: Actor | undefined; check: Check },
): unknown {
  const value = actor && own(actor.claims, claim)
  if (value !== undefined && value !== null) {
    if (check(value) === undefined) return value
    // A file of tokens and the config say a number as text.
    if (check(toNumber(value, Number)) === undefined) return toNumber(value, toExact)
  }
  throw missingClaim(`This tool needs to know the caller's ${claim}, and nothing says it.`)
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, step) => own(Object(inner) as Values, step), value)

function shown(value: unknown): string {
  if (value === '') return 'an empty one'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
