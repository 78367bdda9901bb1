import { AppError } from '../../base/error.ts'
import { writeJson } from '../../base/write-json.ts'
import type { Plan } from '../tool.ts'
import { spellOut, spellOutLines } from './spell-out.ts'

/** Characters that a person may be asked to read. */
const longest = 8000

/**
 * All that is about to happen, as a person reads it. Nothing is left out: what does not fit is refused. No
 * value can pass for a line of ours: each is JSON, on one line of its own, behind its name.
 *
 * @throws AppError `invalid_input` where it is more than a person can be shown
 */
export function toQuestion(tool: string, { action, text, values, bounds }: Plan): string {
  const lines = [
    `${spellOut(action)}?`,
    '',
    ...trimmed(spellOutLines(text)).map((line) => `    ${line}`.trimEnd()),
    '',
    ...toValues(values),
    spellOut(bounds),
    `Asked for by a model that calls the tool ${spellOut(tool)}.`,
  ]
  const question = lines.join('\n')
  if (question.length > longest) throw tooLong(question.length)
  return question
}

/** The same as a model may know it. */
export const toSummary = (tool: string, plan: Plan): string =>
  toQuestion(tool, {
    ...plan,
    text: plan.textForModel ?? plan.text,
    values: Object.fromEntries(
      Object.entries(plan.values).map(([name, value]) => [
        name,
        plan.closedToModel?.includes(name) === true ? 'known of the caller' : value,
      ]),
    ),
  })

function toValues(values: Plan['values']): string[] {
  const entries = Object.entries(values)
  if (entries.length === 0) return []
  const lines = entries.map(
    ([name, value]) => `    ${spellOut(name)} = ${spellOut(writeJson(value ?? null))}`,
  )
  return ['With these values:', '', ...lines, '']
}

const isText = (line: string): boolean => line !== ''

function trimmed(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.findIndex(isText), lines.findLastIndex(isText) + 1)
}

const tooLong = (length: number): AppError =>
  new AppError(
    'invalid_input',
    `What a person would have to read before they confirm has ${length} characters; ${longest} is the most.`,
    { hint: 'Give shorter values. Nothing was changed.' },
  )
