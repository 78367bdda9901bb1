/** Examples, with what was answered to them. */
import { shorten } from '../base/shorten.ts'
import type { Answer } from '../tools/tool.ts'
import { type Block, code, heading, type Line, paragraph, when } from './block.ts'
import type { ExampleDescription } from './description.ts'

/** What a page has room for; the answer itself is bounded by the limits of its source. */
const mostRows = 10
const mostCharacters = 4000

export const toExampleBlocks = (examples: readonly ExampleDescription[]): Block[] =>
  examples.flatMap(({ title, arguments: given, outcome }, index) => {
    const name = title ?? (examples.length === 1 ? 'An example' : `Example ${index + 1}`)
    const asked = [heading(3, name), code('json', JSON.stringify(given, undefined, 2))]
    if (outcome.kind === 'none') return [...asked, paragraph(outcome.why)]
    if (outcome.kind === 'error')
      return [
        ...asked,
        { kind: 'note', line: ['It was answered with an error:'] },
        code('json', JSON.stringify(outcome.answer, undefined, 2)),
      ]
    return [...asked, ...toAnswerBlocks(outcome.answer)]
  })

/** Rows as a table; else the answer as it is, with texts of several lines apart. */
function toAnswerBlocks(answer: Answer): Block[] {
  const table = toTable(answer)
  if (table !== undefined) return [...table, inFull(answer)]
  const long = Object.entries(answer).filter(
    ([, value]) => typeof value === 'string' && value.includes('\n'),
  )
  if (long.length === 0)
    return [code('json', shorten(JSON.stringify(answer, undefined, 2), mostCharacters))]
  return [
    ...long.flatMap(([name, value]) => [
      paragraph({ code: name }),
      code('text', shorten(String(value), mostCharacters)),
    ]),
    inFull(answer),
  ]
}

const inFull = (answer: Answer): Block => ({
  kind: 'folded',
  summary: 'The answer as a model gets it',
  blocks: [code('json', shorten(JSON.stringify(answer), mostCharacters))],
})

function toTable({ columns, rows }: Answer): Block[] | undefined {
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined
  if (columns.length === 0 || !rows.every((row) => Array.isArray(row))) return undefined
  const shown = (rows as unknown[][]).slice(0, mostRows).map((row) => row.map(toCell))
  const left = rows.length - shown.length
  return [
    { kind: 'table', caption: 'Rows of the answer', head: columns.map(String), rows: shown },
    ...when(rows.length === 0, paragraph('No row fits.')),
    ...when(left > 0, paragraph(`And ${left} more ${left === 1 ? 'row' : 'rows'}.`)),
  ]
}

const longestCell = 200

const toCell = (value: unknown): Line => {
  if (value === null) return [{ code: 'NULL' }]
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return [shorten(text ?? '', longestCell)]
}
