import type { App } from '../app/app.ts'
import { openApp } from '../app/open-app.ts'
import type { OnProgress, Progress } from '../base/progress.ts'
import type { Call, Decision } from '../tools/call.ts'
import { callConfirmed } from '../tools/confirm/call-confirmed.ts'
import { missingTool } from '../tools/missing-tool.ts'
import { pickSource } from '../tools/served-source.ts'
import type { Answer, InputSchema, Tool } from '../tools/tool.ts'
import { createTools } from '../tools/tools.ts'
import { createStatusLine } from './progress.ts'
import { toConfig } from './target.ts'
import { untilCtrlC } from './until-ctrl-c.ts'

export interface Question {
  readonly tool: string
  /** Asks the person at the terminal; undefined where there is none. */
  readonly confirm?: ((text: string) => Promise<Decision>) | undefined
  /** The arguments, for a tool that takes such. */
  readonly input: (schema: InputSchema) => object
}

/** Calls one tool the way the server does, with Ctrl-C as the cancel. */
export const ask = (target: string, question: Question): Promise<Answer> =>
  untilCtrlC(async (signal) => {
    const app = await openApp(await toConfig(target))
    const waiting = showWaiting()
    try {
      const tool = toolNamed(createTools(app), question.tool)
      const given = question.input(tool.inputSchema)
      await reach(app, tool.subject(given).source, signal)
      const call: Call = {
        tool,
        arguments: given,
        context: { signal, actor: app.localActor, onProgress: waiting.onProgress },
        origin: { transport: 'terminal' },
      }
      return await callConfirmed(app.callTool, call, question.confirm)
    } finally {
      waiting.end()
      await app.close()
    }
  })

const everyMs = 200
/** A quick answer needs no line. */
const showsAfterMs = 1000

/** Tells a person at a terminal that the question runs, and how far it is. */
function showWaiting(): { onProgress: OnProgress; end(): void } {
  const line = createStatusLine()
  const began = performance.now()
  let known: Progress = {}
  const timer = setInterval(() => {
    const ms = performance.now() - began
    if (ms < showsAfterMs) return
    line.show([`${Math.floor(ms / 1000)} s`], known)
  }, everyMs)
  return {
    onProgress: (progress) => (known = { ...known, ...progress }),
    end() {
      clearInterval(timer)
      line.end()
    },
  }
}

/** A person is told what a model is not: which path cannot be read, which name is missing. */
async function reach(
  { sources, apis }: App,
  source: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (source === undefined || apis.has(source)) return
  const served = await pickSource(sources, source).open()
  served.guard.show(await served.source.catalog(signal))
}

const toolNamed = (tools: readonly Tool[], name: string): Tool =>
  tools.find((one) => one.name === name) ??
  missingTool(
    name,
    tools.map((one) => one.name),
  )
