import type { Elicit, Elicitation } from '../agent/index.ts'
import { shorten } from '../base/shorten.ts'
import { spellOut, spellOutLines } from '../tools/confirm/spell-out.ts'
import { askLine, personIsThere } from './agent-person.ts'
import type { Terminal } from './terminal.ts'

/** What a person reads of a server's words, and how many fields it may ask for. */
const most = { message: 4000, description: 500, fields: 20 }

type Value = string | number | boolean

/** Puts what a server asks to the person, field by field; without a person no server is told of one. */
export function elicitorAt(terminal: Terminal): Elicit | undefined {
  if (!personIsThere()) return undefined
  return async (asked, signal) => {
    const { requestedSchema } = asked
    terminal.note(introduce(asked))
    const content: Record<string, Value> = {}
    for (const [name, field] of fieldsOf(requestedSchema)) {
      const answer = await askLine(
        `    ${spellOut(shorten(name, 100))}${describe(field)} (empty: do not answer) `,
        signal,
      )
      if (answer === '') return { action: 'decline' }
      content[name] = toValue(answer, field)
    }
    const sure = await askLine('Send this to the server? [y/N] ', signal)
    return /^y(es)?$/i.test(sure.trim()) ? { action: 'accept', content } : { action: 'decline' }
  }
}

/** The server's words stand indented, as no line of ours does, and end where nobody would read on. */
export const introduce = ({ server, message }: Pick<Elicitation, 'server' | 'message'>): string =>
  [
    '',
    `The server ${spellOut(server)} asks, and will be sent what you answer:`,
    ...spellOutLines(shorten(message, most.message)).map((line) => `    ${line}`),
  ].join('\n')

type Field = Readonly<Record<string, unknown>>

function fieldsOf({ properties, required }: Readonly<Record<string, unknown>>): [string, Field][] {
  const needed = Array.isArray(required) ? (required as unknown[]) : []
  return Object.entries((properties ?? {}) as Record<string, Field>)
    .filter(([name]) => needed.length === 0 || needed.includes(name))
    .slice(0, most.fields)
}

function describe({ title, description, enum: values }: Field): string {
  const words = [title, description].filter((word) => typeof word === 'string').map(String)
  const choices = Array.isArray(values) ? [`one of ${values.join(', ')}`] : []
  const all = [...words, ...choices].join('; ')
  return all === '' ? '' : `: ${spellOut(shorten(all, most.description))}`
}

function toValue(answer: string, { type }: Field): Value {
  if (type === 'boolean') return /^(y|yes|true|1)$/i.test(answer.trim())
  const number = Number(answer)
  return (type === 'number' || type === 'integer') && Number.isFinite(number) ? number : answer
}
