import { type AppError, type ErrorCode, errorCatalogue, toAppError } from '../../base/error.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Placeholder } from '../../guard/placeholders.ts'
import { runStatement } from '../query/run-statement.ts'
import type { ServedSource } from '../served-source.ts'
import { ofTheStatement } from './callers-failure.ts'
import { placeOf } from './place-of.ts'
import type { Question } from './question.ts'
import { toBindable, toEmptyBindings } from './to-bindings.ts'

/** Something wrong with a question, for whoever wrote it. */
export interface QuestionFlaw {
  /** Within its declaration: `['sql']`, `['parameters', 'from']`. */
  readonly path: readonly string[]
  /** Where in the statement, in characters. */
  readonly span?: readonly [start: number, end: number]
  readonly message: string
}

/**
 * What is wrong with a question: its parameters, or what the database says that prepares it, without
 * running it. Nothing is found where the database cannot be asked.
 */
export async function checkQuestion(
  question: Question,
  served: ServedSource,
  signal: AbortSignal,
): Promise<readonly QuestionFlaw[]> {
  const flaws = checkParameters(question, served.guard.placeholders(question.sql))
  return flaws.length > 0 ? flaws : prepareQuestion(question, served, signal)
}

export function checkParameters(
  { parameters }: Question,
  placeholders: readonly Placeholder[],
): QuestionFlaw[] {
  const used = new Set(placeholders.map(({ name }) => name))
  const names = Object.keys(parameters)
  const ofParameters = Object.entries(parameters).flatMap(([name, { schema }]): QuestionFlaw[] => {
    const path = ['parameters', name]
    if (toBindable(schema) === undefined) return [{ path, message: noValue }]
    if (!used.has(name)) return [{ path, message: `the statement has no :${name}.` }]
    return []
  })
  const ofPlaces = placeholders.flatMap(({ name, use, start, end }): QuestionFlaw[] => {
    const declared = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    const flaw = { path: ['sql'], span: [start, end] as const }
    if (declared === undefined) {
      const words = [`:${name} is no parameter of this tool.`, didYouMean(name, names)]
      return [{ ...flaw, message: words.filter((part) => part !== undefined).join(' ') }]
    }
    const isLost = use === 'value' && toBindable(declared.schema)?.isList === true
    return isLost ? [{ ...flaw, message: listOutside(name) }] : []
  })
  return [...ofParameters, ...ofPlaces]
}

const noValue =
  'no database takes such a value: expected one type out of integer, number, boolean, string, or array of one of these.'

const listOutside = (name: string): string =>
  `a list stands alone in IN (:${name}), or before IS NULL.`

/** What an engine says of a statement that it prepares, besides. */
const ofPreparing: readonly ErrorCode[] = ['invalid_input', 'query_failed']

async function prepareQuestion(
  question: Question,
  served: ServedSource,
  signal: AbortSignal,
): Promise<readonly QuestionFlaw[]> {
  const { sql: text, parameters } = question
  const run = { text, bindings: toEmptyBindings(parameters), rows: 1, prepareOnly: true }
  try {
    const { columns } = await runStatement(served, run, { signal })
    return checkColumns(
      question,
      columns.map(({ name }) => name),
    )
  } catch (thrown) {
    const flaws = flawsIn(thrown, text)
    return flaws.length > 0 && (await isOfSource(served, signal)) ? [] : flaws
  }
}

/** What the failure to prepare a statement says of it; none where it is the fault of something else. */
export function flawsIn(thrown: unknown, sql: string): QuestionFlaw[] {
  const error = toAppError(thrown)
  if (!ofTheStatement.has(error.code) && !ofPreparing.includes(error.code)) return []
  return [{ path: ['sql'], span: placeOf(error, sql), message: inWords(error) }]
}

/** A config that opens what is not there is told of its source. */
async function isOfSource({ source, guard }: ServedSource, signal: AbortSignal): Promise<boolean> {
  try {
    guard.show(await source.catalog(signal))
    return false
  } catch {
    return true
  }
}

/** A remedy that is for whoever asks a question, and not for whoever writes it down, is left out. */
function inWords({ code, message, hint }: AppError): string {
  if (code === 'invalid_input') return `${message} A value of a tool is written :name.`
  return hint === errorCatalogue[code].remedy ? message : `${message} ${hint}`
}

const checkColumns = ({ columns }: Question, given: readonly string[]): QuestionFlaw[] =>
  Object.keys(columns)
    .filter((name) => !given.includes(name))
    .map((name) => ({
      path: ['columns', name],
      message: `the statement gives no such column. ${didYouMean(name, given) ?? `It gives ${given.join(', ')}.`}`,
    }))
