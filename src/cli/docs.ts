import { basename } from 'node:path'
import { openApp } from '../app/open-app.ts'
import type { Config } from '../config/config.ts'
import { type Mistake, toLine } from '../config/mistake.ts'
import { toSite } from '../docs/site-pages.ts'
import { toHtml } from '../docs/to-html.ts'
import { toMarkdown } from '../docs/to-markdown.ts'
import type { Advice } from '../docs/advice.ts'
import { adviseTools } from './docs/advised-tools.ts'
import { describeCallers } from './docs/callers.ts'
import { describeServer } from './docs/describe-server.ts'
import { type Examples, failureOf, runExamples } from './docs/run-examples.ts'
import { writeSite } from './docs/site-folder.ts'
import { createStatusLine } from './progress.ts'
import { isConfig, toConfig } from './target.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { untilCtrlC } from './until-ctrl-c.ts'
import { toVisible } from '../base/visible.ts'

export interface DocsOptions {
  readonly target: string
  /** The folder of the site. */
  readonly out: string
  /** Both where undefined. */
  readonly format?: 'html' | 'markdown'
  /** False: nothing is asked of a source. */
  readonly examples: boolean
  /** Warnings are a failure. */
  readonly strict?: boolean
  readonly json?: boolean
}

/** Something that a reader of the site would miss; line and column are null where no file says it. */
type Warning = Pick<Mistake, 'line' | 'column' | 'path' | 'message'> & { readonly text: string }

/** Writes what is served as pages for people. */
export async function docs(options: DocsOptions, terminal: Terminal): Promise<number> {
  const { target, out, format } = options
  const config = await toConfig(target)
  const { server, advice } = await untilCtrlC((signal) => survey(config, options, signal))
  const { frame, pages } = toSite(server)
  const files = new Map(
    pages.flatMap((page): [string, string][] => [
      ...(format === 'markdown'
        ? []
        : [[`${page.id}.html`, toHtml(page, frame)] as [string, string]]),
      ...(format === 'html' ? [] : [[`${page.id}.md`, toMarkdown(page)] as [string, string]]),
    ]),
  )
  await writeSite(out, files)
  const warnings = await toWarnings(advice, target)
  const examples = server.tools.flatMap((tool) => tool.examples)
  const said = {
    folder: out,
    files: [...files.keys()],
    tools: server.tools.length,
    tokens: server.tokens,
    examples: examples.length,
    warnings,
  }
  if (options.json === true) terminal.print(JSON.stringify(said, withoutText, 2))
  else {
    const { green, yellow } = terminal.colors
    const count = `${said.tools} tools, about ${said.tokens} tokens, ${said.examples} examples`
    terminal.print(`${green('✓')} ${files.size} files in ${out}: ${count}`)
    for (const { text } of warnings) terminal.print(`${yellow('!')} ${toVisible(text)}`)
  }
  return options.strict === true && warnings.length > 0 ? exitCode.failed : exitCode.done
}

const withoutText = (key: string, value: unknown): unknown => (key === 'text' ? undefined : value)

async function survey(
  config: Config,
  { target, examples: isRun }: DocsOptions,
  signal: AbortSignal,
) {
  const app = await openApp(config)
  const line = createStatusLine()
  try {
    const examples = await runExamples(config, app, {
      signal,
      isRun,
      onBegin: (tool, done, all) => line.show([`examples: ${tool}`], { share: done / all }),
    })
    const { callers, problem } = await describeCallers(config, app)
    const server = await describeServer({
      config,
      app,
      examples,
      callers,
      target: isConfig(target) ? basename(target) : nameOf(target),
      isLookedUp: isRun,
      signal,
    })
    const advice = [
      ...adviseTools(config, app),
      ...adviceOnExamples(examples),
      ...(problem === undefined ? [] : [adviceOnTokens(problem)]),
    ]
    return { server, advice }
  } finally {
    line.end()
    await app.close()
  }
}

/** A URL may hold a password. */
const nameOf = (target: string): string =>
  /^[a-z]+:\/\//i.test(target) ? 'DATABASE_URL' : basename(target)

type Told = Pick<Advice, 'path' | 'message' | 'remedy'> & { readonly tool?: string }

const adviceOnExamples = (examples: Examples): Told[] =>
  [...examples].flatMap(([tool, all]) =>
    all.flatMap((example, index) => {
      const failure = failureOf(example)
      if (failure === undefined) return []
      const message = `example ${index + 1} fails: ${failure}`
      return [
        {
          tool,
          path: ['tools', tool, 'examples', index],
          message,
          remedy: 'Its page shows the whole answer.',
        },
      ]
    }),
  )

const adviceOnTokens = (problem: string): Told => ({
  path: ['http', 'auth', 'tokens'],
  message: `static tokens are left out: ${problem}`,
  remedy: 'Run this where the server can read that file.',
})

async function toWarnings(advice: readonly Told[], target: string): Promise<Warning[]> {
  const examined = isConfig(target)
    ? await (await import('../config/load.ts')).examineConfig(target, process.env)
    : undefined
  return advice.map(({ path, tool, ...told }) => {
    const message = `${told.message} ${told.remedy}`
    const mistake = examined?.mistakeAt(path, message)
    const { line = null, column = null } = mistake ?? {}
    const text = mistake === undefined ? `${tool ?? ''}: ${message}` : toLine(mistake)
    return { line, column, path, message, text }
  })
}
