/** What in the description of a tool leaves a reader, and a model, to guess. The rules stand in docs/api-docs.md. */
import type { JsonSchema } from '../base/json-schema.ts'
import { outputNames } from './output-names.ts'
import { objectOf, typesOf } from './parameters.ts'

export interface AdvisedTool {
  readonly name: string
  readonly description: string
  readonly inputSchema: JsonSchema
  /** Where the config speaks of it. */
  readonly path: readonly (string | number)[]
  /** It can say more: what was taken over from a document, or written in a program, says it there. */
  readonly isWritten: boolean
  readonly examples: number
  /** Of a tool whose answer has columns: its statement, and which of them are described. */
  readonly answer?:
    | { readonly statement: string; readonly described: readonly string[] }
    | undefined
}

export interface Advice {
  readonly tool: string
  /** The part of the config. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly remedy: string
}

export const adviseOn = (tool: AdvisedTool): Advice[] => [
  ...onDescription(tool),
  ...onParameters(tool),
  ...(tool.isWritten ? [...onExamples(tool), ...onColumns(tool)] : []),
]

const fewestWords = 5

/** Words that say nothing about what is asked. */
const emptyWords = new Set(
  (
    'a an and all any about as at by for from in into is it its of on or that the their this to with which ' +
    'get gets getting fetch fetches find finds give gives list lists look looks query queries read reads ' +
    'retrieve retrieves return returns run runs search searches show shows use useful used ask asks call calls can will ' +
    'answer answers data database result results row rows sql table tables tool tools information info value values thing things stuff various some'
  ).split(' '),
)

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Orders and order are the same word. */
const stem = (word: string): string => word.replace(/(?:es|s)$/, '')

function onDescription({ name, description, path }: AdvisedTool): Advice[] {
  const at = [...path, 'description']
  const remedy =
    'Say what it answers, in which order or unit, and when to use it, as to a colleague on their first day.'
  const words = wordsOf(description)
  // Languages without blanks between words are not counted.
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Thai}]/u.test(description)) return []
  if (words.length < fewestWords) {
    const message = `its description has ${words.length === 1 ? 'one word' : `${words.length} words`}.`
    return [{ tool: name, path: at, message, remedy }]
  }
  const known = new Set(wordsOf(name.replaceAll('_', ' ')).map(stem))
  const telling = words.filter((word) => !emptyWords.has(word) && !known.has(stem(word)))
  if (telling.length > 0) return []
  const message = 'its description says no more than its name.'
  return [{ tool: name, path: at, message, remedy }]
}

function onParameters({ name: tool, inputSchema, path, isWritten }: AdvisedTool): Advice[] {
  return Object.entries(objectOf(inputSchema['properties'])).flatMap(([name, written]) => {
    const schema = objectOf(written)
    const about = { tool, path: isWritten ? [...path, 'parameters', name] : path }
    const undescribed: Advice = {
      ...about,
      message: `the parameter ${name} has no description.`,
      remedy: 'Add `description`: what the value is, and in which unit.',
    }
    const unbounded: Advice = {
      ...about,
      message: `the parameter ${name} takes any text.`,
      remedy: 'Say which: `enum`, `format`, `pattern`, or `maxLength` at least.',
    }
    return [
      ...(isDescribed(schema) ? [] : [undescribed]),
      ...(isWritten && isUnbounded(schema) ? [unbounded] : []),
    ]
  })
}

/** A choice between named values tells itself. */
const isDescribed = ({ description, enum: allowed, const: only }: JsonSchema): boolean =>
  (typeof description === 'string' && description.trim() !== '') ||
  allowed !== undefined ||
  only !== undefined

/** A text of any length and form; of a list, that its items may be such. */
function isUnbounded(schema: JsonSchema): boolean {
  const types = typesOf(schema)
  if (types.includes('array')) return isUnbounded(objectOf(schema['items']))
  const isText =
    types.includes('string') || Object.keys(schema).every((key) => key === 'description')
  return isText && !bounds.some((key) => schema[key] !== undefined)
}

const bounds = [
  'enum',
  'const',
  'format',
  'pattern',
  'maxLength',
  '$ref',
  'anyOf',
  'oneOf',
  'allOf',
]

const onExamples = ({ name, path, examples }: AdvisedTool): Advice[] =>
  examples > 0
    ? []
    : [
        {
          tool: name,
          path,
          message: 'it has no example.',
          remedy:
            'Add `examples` with arguments that are worth trying: `vitrine docs` shows what is answered.',
        },
      ]

/** What is measured, in a unit that such a name does not say: `total`, `order_value`, and not `total_cents`. */
const measure =
  /(?:^|_)(?:amount|total|sum|price|cost|costs|revenue|turnover|balance|fee|tax|discount|value|rate|ratio|share|percent|score|duration|size|weight|height|length|distance|volume)$/i

function onColumns({ name, path, answer }: AdvisedTool): Advice[] {
  if (answer === undefined) return []
  const described = answer.described.map((column) => column.toLowerCase())
  const open = outputNames(answer.statement).filter(
    (column) => measure.test(column) && !described.includes(column.toLowerCase()),
  )
  return [...new Set(open)].map((column) => ({
    tool: name,
    path,
    message: `the column ${column} of its answer is not described.`,
    remedy: 'Say in `columns` what is measured and in which unit.',
  }))
}
