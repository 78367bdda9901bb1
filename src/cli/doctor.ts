import { probe } from '../apis/probe.ts'
import type { App } from '../app/app.ts'
import { openApp } from '../app/open-app.ts'
import { type AppError, toAppError } from '../base/error.ts'
import type { Config } from '../config/config.ts'
import type { Catalog } from '../sources/catalog.ts'
import type { Finding } from '../sources/source.ts'
import type { ServedSource } from '../tools/served-source.ts'
import { toConfig } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { toVisible } from '../base/visible.ts'
import { wrap } from './wrap.ts'

export interface DoctorOptions {
  readonly target: string
  readonly json?: boolean
}

interface Section {
  readonly title: string
  readonly findings: readonly Finding[]
}

const examineMs = 30_000

/** Is every source reachable, sound and read-only, and what do the tools cost. 1 where something is wrong. */
export async function doctor(
  { target, json = false }: DoctorOptions,
  terminal: Terminal,
): Promise<number> {
  const config = await toConfig(target)
  const app = await openApp(config)
  try {
    const sections = [
      runtime(),
      ...(await examineSources(app)),
      ...(await examineApis(app)),
      await weighTools(app),
      ...(await examineDoor(config)),
    ]
    if (json) terminal.print(JSON.stringify({ sections }))
    else for (const section of sections) printSection(section, terminal)
    const wrong = sections.some(({ findings }) => findings.some(({ level }) => level === 'problem'))
    return wrong ? exitCode.failed : exitCode.done
  } finally {
    await app.close()
  }
}

function runtime(): Section {
  return {
    title: 'runtime',
    findings: [{ level: 'ok', message: `Node ${process.versions.node} on ${process.platform}` }],
  }
}

const examineSources = (app: App): Promise<Section[]> =>
  Promise.all(
    [...app.sources].map(async ([name, declared]) => {
      const signal = AbortSignal.timeout(examineMs)
      try {
        const served = await declared.open()
        const catalog = await served.source.catalog(signal)
        const findings = [
          ...(await served.source.examine(signal)),
          whatIsOpen(served, catalog),
          ...(await whatWrites(app, name, signal)),
        ]
        return { title: `source ${name}`, findings }
      } catch (error) {
        return { title: `source ${name}`, findings: [toFinding(toAppError(error))] }
      }
    }),
  )

const examineApis = ({ apis, tools }: App): Promise<Section[]> =>
  Promise.all(
    [...apis].map(async ([name, api]) => {
      const found = await probe(await api.open(), AbortSignal.timeout(examineMs))
      const asking = tools.filter(({ source }) => source === name).length
      const open: Finding = { level: 'ok', message: `Requests that are open, as tools: ${asking}.` }
      return { title: `API ${name}`, findings: [found, open, ...whatChanges(tools, name)] }
    }),
  )

/** Which tools change something at an API. */
function whatChanges(tools: App['tools'], api: string): Finding[] {
  const names = tools.filter((one) => one.effect && one.source === api).map((one) => one.name)
  if (names.length === 0) return []
  const message = `${names.join(', ')} may change something there, each call once a person has confirmed it.`
  return [{ level: 'warning', message }]
}

/** Which tools change rows of it, and by which role. */
async function whatWrites(
  { sources, tools }: App,
  name: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { writable } = sources.get(name) ?? {}
  if (writable === undefined) return []
  const names = tools.filter((one) => one.effect && one.source === name).map((one) => one.name)
  if (names.length === 0)
    return [
      {
        level: 'warning',
        message: 'It is writable, and no tool writes.',
        remedy: 'Take writable out.',
      },
    ]
  const told: Finding = {
    level: 'warning',
    message: `${names.join(', ')} may change rows, each call once a person has confirmed it.`,
  }
  const writer = await writable.open()
  return [told, ...(await writer.examine(signal))]
}

function whatIsOpen({ guard }: ServedSource, catalog: Catalog): Finding {
  try {
    const open = guard.show(catalog).tables.length
    const all = countTables(catalog)
    if (all === 0) return { level: 'warning', message: 'The database has no tables.' }
    return { level: 'ok', message: `${open} of ${all} tables are open.` }
  } catch (error) {
    return toFinding(toAppError(error))
  }
}

/** Shadow tables are an extension's own affair. */
const countTables = ({ tables }: Catalog): number =>
  tables.filter(({ kind }) => kind !== 'shadow').length

const toFinding = ({ message, detail, hint }: AppError): Finding => ({
  level: 'problem',
  message: detail ?? message,
  ...(detail === undefined ? { remedy: hint } : {}),
})

async function examineDoor({ http: { auth } }: Config): Promise<Section[]> {
  if (auth === undefined) return []
  const { examineAuth } = await import('../edge/auth/examine.ts')
  return [{ title: 'who may come in', findings: await examineAuth(auth) }]
}

async function weighTools(app: App): Promise<Section> {
  const [{ createTools }, { tokensOf }] = await Promise.all([
    import('../tools/tools.ts'),
    import('../tools/tokens.ts'),
  ])
  const tools = createTools(app)
  const names = tools.map(({ name }) => name).join(', ')
  const message = `${names}: about ${tokensOf(tools)} tokens in every conversation`
  return { title: 'tools', findings: [{ level: 'ok', message }] }
}

const indent = '    '
const marks = { ok: '✓', warning: '!', problem: '✗' } as const

function printSection({ title, findings }: Section, terminal: Terminal): void {
  const { colors } = terminal
  const paint = { ok: colors.green, warning: colors.yellow, problem: colors.red }
  const inside = terminal.width - indent.length
  terminal.print(colors.bold(title))
  for (const { level, message, remedy } of findings) {
    const [first = '', ...others] = wrap(toVisible(message), inside)
    terminal.print(`  ${paint[level](marks[level])} ${first}`)
    for (const line of others) terminal.print(indent + line)
    if (remedy === undefined) continue
    for (const line of wrap(toVisible(remedy), inside)) terminal.print(colors.dim(indent + line))
  }
}
