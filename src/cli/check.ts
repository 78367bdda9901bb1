import { existsSync } from 'node:fs'
import { AppError } from '../base/error.ts'
import type { ApiConfig, Config, SourceConfig, ToolConfig } from '../config/config.ts'
import { type Examined, examineConfig } from '../config/load.ts'
import { type Mistake, toLine, toReport } from '../config/mistake.ts'
import { counted } from '../base/counted.ts'
import { isConfig, noFile } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { wrapLines } from './wrap.ts'

/** Something found out about a source, or about a tool, by asking a database. */
export interface LiveFinding {
  /** Undefined for a tool. */
  readonly source?: string
  /** Where it is about how a tool is described. */
  readonly tool?: string
  readonly level: 'ok' | 'warning' | 'problem'
  readonly message: string
  readonly remedy?: string
  /** The part of the config it is about, such as `['sources', 'shop', 'tables', 1]`. */
  readonly path?: readonly (string | number)[]
  /** Offsets in the text that stands there. */
  readonly within?: readonly [start: number, end: number]
}

export interface CheckOptions {
  readonly json?: boolean
  /** Asks the databases of a config whose file is right; only the file is checked without it. */
  readonly live?: (config: Config) => Promise<readonly LiveFinding[]>
}

/** `vitrine check`: is the configuration right? */
export async function check(
  path: string,
  options: CheckOptions,
  terminal: Terminal,
): Promise<number> {
  if (!existsSync(path)) throw noFile(path)
  if (!isConfig(path)) throw noConfig(path)
  const examined = await examineConfig(path, process.env)
  const findings = examined.config ? ((await options.live?.(examined.config)) ?? []) : []
  const checked = { examined, findings, mistakes: toMistakes(examined, findings) }
  terminal.print(options.json === true ? toJson(checked) : toText(checked, terminal))
  return checked.mistakes.length === 0 ? exitCode.done : exitCode.usage
}

const noConfig = (path: string): AppError =>
  new AppError(
    'invalid_input',
    `${path} is no config: that is a file that ends in .yaml, .yml or .json.`,
    {
      hint: `For a database: vitrine doctor ${path}`,
    },
  )

interface Checked {
  readonly examined: Examined
  readonly findings: readonly LiveFinding[]
  /** Of the file, or of what it says about the databases. */
  readonly mistakes: readonly Mistake[]
}

const toMistakes = (examined: Examined, findings: readonly LiveFinding[]): Mistake[] => [
  ...examined.mistakes,
  ...findings
    .filter(({ level }) => level === 'problem')
    .map((finding) => toMistake(finding, examined)),
]

function toMistake(
  { source = '', message, remedy, path, within }: LiveFinding,
  examined: Examined,
): Mistake {
  const words = [message, remedy].filter((part) => part !== undefined).join(' ')
  return examined.mistakeAt(path ?? ['sources', source], words, within)
}

function toJson({ examined, findings, mistakes }: Checked): string {
  const warnings = findings
    .filter(({ level }) => level === 'warning')
    .map((finding) => toMistake(finding, examined))
  return JSON.stringify({ ok: mistakes.length === 0, mistakes, warnings }, withoutExcerpt, 2)
}

const withoutExcerpt = (key: string, value: unknown): unknown =>
  key === 'excerpt' ? undefined : value

function toText(checked: Checked, terminal: Terminal): string {
  const sources = checked.examined.sources.flatMap((name) => ofSource(name, checked, terminal))
  const tools = checked.examined.config?.tools.map((tool) => ofTool(tool, checked, terminal))
  const advice = adviceOn(checked, terminal)
  const told = wrapLines([...sources, ...(tools ?? []), ...advice].join('\n'), terminal.width)
  return [toReport(checked.mistakes), told].filter((part) => part !== '').join('\n\n')
}

function ofSource(name: string, checked: Checked, { colors }: Terminal): string[] {
  const { examined, findings, mistakes } = checked
  const count = mistakes.filter(({ path }) => path[0] === 'sources' && path[1] === name).length
  const config = examined.config?.sources.find((source) => source.name === name)
  const api = examined.config?.apis.find((one) => one.name === name)
  const about = config ? summary(config) : api && summaryOfApi(api)
  const head =
    count > 0
      ? `${colors.red('✗')} ${name}: ${counted(count, 'mistake')}`
      : `${colors.green('✓')} ${name}${about === undefined ? '' : `: ${about}`}`
  const notes = findings
    .filter(({ source, level }) => source === name && level !== 'problem')
    .map(({ level, message, remedy = '' }) => {
      const mark = level === 'ok' ? colors.green('✓') : colors.yellow('!')
      return `  ${mark} ${message} ${remedy}`.trimEnd()
    })
  return [head, ...notes]
}

function ofTool({ name, source }: ToolConfig, { mistakes }: Checked, { colors }: Terminal): string {
  const about = (section: string, one: string): Mistake[] =>
    mistakes.filter(({ path }) => path[0] === section && path[1] === one)
  const count = about('tools', name).length
  if (count > 0) return `${colors.red('✗')} tool ${name}: ${counted(count, 'mistake')}`
  return about('sources', source).length > 0
    ? `${colors.yellow('!')} tool ${name}: its statement was not checked, for ${source} has a mistake`
    : `${colors.green('✓')} tool ${name}`
}

/** What a description leaves to guess. */
const adviceOn = ({ findings, examined }: Checked, { colors }: Terminal): string[] =>
  findings
    .filter(({ tool }) => tool !== undefined)
    .map((finding) => `${colors.yellow('!')} ${toLine(toMistake(finding, examined))}`)

function summary({ tables, columns, context }: SourceConfig): string {
  const open = tables === undefined ? 'all tables open' : `${counted(tables.length, 'table')} open`
  const closed = counted(Object.keys(columns).length, 'column')
  return `${open}, ${closed} closed, ${context === undefined ? 'no notes' : 'notes'} for the model`
}

const summaryOfApi = ({ tools }: ApiConfig): string => `an API, ${counted(tools.length, 'tool')}`
