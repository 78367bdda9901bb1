import type { Elicit } from '../agent/index.ts'
import { toVisible, toVisibleLines } from '../base/visible.ts'
import { askLine, personIsThere } from './agent-person.ts'
import type { Terminal } from './terminal.ts'

type Value = string | number | boolean

/** Puts what a server asks to the person, field by field; without a person no server is told of one. */
export function elicitorAt(terminal: Terminal): Elicit | undefined {
  if (!personIsThere()) return undefined
  return async ({ server, message, requestedSchema }, signal) => {
    terminal.note(`\nThe server ${toVisible(server)} asks: ${toVisibleLines(message)}`)
    const content: Record<string, Value> = {}
    for (const [name, field] of fieldsOf(requestedSchema)) {
      const answer = await askLine(
        `${toVisible(name)}${describe(field)} (empty: do not answer) `,
        signal,
      )
      if (answer === '') return { action: 'decline' }
      content[name] = toValue(answer, field)
    }
    const sure = await askLine('Send this to the server? [y/N] ', signal)
    return /^y(es)?$/i.test(sure.trim()) ? { action: 'accept', content } : { action: 'decline' }
  }
}

type Field = Readonly<Record<string, unknown>>

function fieldsOf({ properties, required }: Readonly<Record<string, unknown>>): [string, Field][] {
  const needed = Array.isArray(required) ? (required as unknown[]) : []
  return Object.entries((properties ?? {}) as Record<string, Field>).filter(
    ([name]) => needed.length === 0 || needed.includes(name),
  )
}

function describe({ title, description, enum: values }: Field): string {
  const words = [title, description].filter((word) => typeof word === 'string').map(String)
  const choices = Array.isArray(values) ? [`one of ${values.join(', ')}`] : []
  const all = [...words, ...choices].map(toVisible).join('; ')
  return all === '' ? '' : `: ${all}`
}

function toValue(answer: string, { type }: Field): Value {
  if (type === 'boolean') return /^(y|yes|true|1)$/i.test(answer.trim())
  const number = Number(answer)
  return (type === 'number' || type === 'integer') && Number.isFinite(number) ? number : answer
}
