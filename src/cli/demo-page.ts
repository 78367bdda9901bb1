import type { ErrorAnswer } from '../base/error.ts'
import type { Answer } from '../demo/asker.ts'
import type { Question } from '../demo/questions.ts'
import type { ShopFacts } from '../demo/shop.ts'
import type { TableAnswer } from '../results/answer.ts'
import { formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { cut } from './text-width.ts'
import { toVisible } from '../base/visible.ts'
import { wrap, wrapLines } from './wrap.ts'

export interface Asked {
  readonly question: Question
  readonly answer: Answer
}

const indent = '   '
/** Answers that are text are shown up to here. */
const mostLines = 30

export const isAsExpected = ({ question, answer }: Asked): boolean =>
  question.error === (answer.content as Partial<ErrorAnswer>).error?.code

/** What the demo prints: as it comes for a person, at the end for a program. */
export class DemoPage {
  readonly asked: Asked[] = []
  readonly #terminal: Terminal
  readonly #json: boolean
  #start = performance.now()
  #shop: ShopFacts | undefined
  #tools: readonly string[] = []

  constructor(terminal: Terminal, json: boolean) {
    this.#terminal = terminal
    this.#json = json
  }

  shop(shop: ShopFacts): void {
    this.#shop = shop
    const rows = shop.rows.toLocaleString('en')
    const tables = Object.keys(shop.tables).length
    this.#tell(`A web shop to look at: ${rows} rows in ${tables} tables.`, this.#lap())
  }

  tools(names: readonly string[]): void {
    this.#tools = names
    const line = `A server in front of it, with the tools ${names.join(', ')}.`
    this.#tell(wrapLines(line, this.#width - 5), this.#lap())
  }

  answer(asked: Asked): void {
    this.asked.push(asked)
    const { question, answer } = asked
    const { bold } = this.#terminal.colors
    this.#tell(`\n${bold(`${this.asked.length}. ${question.question}`)}`)
    for (const line of this.#toCall(question)) this.#tell(indent + line)
    this.#tell('')
    for (const line of this.#toAnswer(answer)) this.#tell(indent + line)
    this.#tell(indent + this.#toFooting(asked))
  }

  /** What the server said, when it failed. */
  said(text: string): void {
    if (text.trim() !== '') this.#terminal.note(text.trimEnd())
  }

  end(command: string): void {
    const { bold, dim } = this.#terminal.colors
    const path = this.#shop?.path ?? ''
    if (this.#json) this.#terminal.print(JSON.stringify(this.#toJson(command)))
    this.#tell(`\n${bold('Now let Claude look at it:')}`)
    this.#tell(`  ${command}`)
    const farewell = `The shop is ${path}; delete it when you have seen enough.`
    for (const line of wrap(farewell, this.#terminal.width)) this.#tell(dim(line))
  }

  #toCall({ tool, arguments: input }: Question): string[] {
    const { dim } = this.#terminal.colors
    const { query = '', ...others } = input
    const rest = Object.keys(others).length === 0 ? '' : ` ${JSON.stringify(others)}`
    return [`${tool}${rest}`, ...String(query).split('\n').filter(Boolean)].map(dim)
  }

  #toAnswer({ content }: Answer): string[] {
    const { rows } = content as Partial<TableAnswer>
    const { error } = content as Partial<ErrorAnswer>
    if (error !== undefined) return this.#toError(error)
    if (rows !== undefined) return this.#toTable(content as unknown as TableAnswer)
    return this.#toText(content)
  }

  #toError({ code, message, hint }: ErrorAnswer['error']): string[] {
    const { yellow, bold } = this.#terminal.colors
    const [first = '', ...others] = wrap(toVisible(`${code}: ${message}`), this.#width - 2)
    return [
      `${yellow('✗')} ${bold(first)}`,
      ...others.map((line) => `  ${bold(line)}`),
      ...wrap(toVisible(hint), this.#width - 2).map((line) => `  ${line}`),
    ]
  }

  #toTable({ columns, types, rows }: TableAnswer): string[] {
    const described = columns.map((name, index) => ({ name, type: types[index] ?? '' }))
    const options = { width: this.#width, colors: this.#terminal.colors, maxRows: mostLines }
    return formatTable(described, rows, options).split('\n')
  }

  /** A schema, or whatever else has no rows: its lines, each as far as it fits. */
  #toText(content: Answer['content']): string[] {
    const text = content['schema'] ?? content['text']
    const lines = (typeof text === 'string' ? text : JSON.stringify(content, null, 2)).split('\n')
    const more = lines.length > mostLines ? [`… and ${lines.length - mostLines} more lines`] : []
    return [...lines.slice(0, mostLines), ...more].map((line) => cut(toVisible(line), this.#width))
  }

  #toFooting({ question, answer }: Asked): string {
    const { dim, red } = this.#terminal.colors
    const { row_count: rows } = answer.content as Partial<TableAnswer>
    const time = `${answer.ms < 10 ? answer.ms.toFixed(1) : Math.round(answer.ms)} ms`
    const footing = dim(rows === undefined ? time : `${rows} rows, ${time}`)
    return isAsExpected({ question, answer })
      ? footing
      : `${footing} ${red('This is not the answer it should be.')}`
  }

  #toJson(command: string): object {
    return {
      shop: this.#shop,
      tools: this.#tools,
      asked: this.asked.map(({ question, answer }) => ({
        ...question,
        answer: answer.content,
        ms: answer.ms,
        as_expected: isAsExpected({ question, answer }),
      })),
      connect: command,
    }
  }

  get #width(): number {
    return this.#terminal.width - indent.length
  }

  /** Seconds since the last lap. */
  #lap(): string {
    const start = this.#start
    this.#start = performance.now()
    return this.#terminal.colors.dim(` ${((this.#start - start) / 1000).toFixed(1)} s`)
  }

  #tell(line: string, aside = ''): void {
    if (!this.#json) this.#terminal.print(line + aside)
  }
}
