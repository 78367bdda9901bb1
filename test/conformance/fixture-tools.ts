/** The tools that the conformance suite asks for by name, as far as they are tools like any other. */
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../../dist/base/error.js'
import type { ListChanges } from '../../dist/base/list-changes.js'
import type { Toolset } from '../../dist/server/toolsets.js'
import { toListedTool } from '../../dist/tools/listed-tool.js'
import type { Answer } from '../../dist/tools/tool.js'
import { define } from './define-fixture.ts'
import { contentNames } from './fixture-contents.ts'
import { questionNames } from './fixture-questions.ts'
import { syncNames, taskTools } from './fixture-tasks.ts'

const text = 'This is a simple text response for testing.'

/** They run as every call does: listed, checked, through the gates, answered by the product. */
const running: Readonly<Record<string, (signal: AbortSignal) => Promise<Answer>>> = {
  test_simple_text: async () => ({ text }),
  test_logging_tool: async () => ({ text }),
  test_streaming_elicitation: async () => ({ text }),
  test_error_handling: () => Promise.reject(new AppError('query_failed', 'Fails, as it should.')),
  /** Long enough for three reports of progress, which come each second. */
  test_tool_with_progress: async (signal) => pause(3300, { text }, { signal }),
}

const tools = [
  ...Object.entries(running).map(([name, run]) => define(name, (_, { signal }) => run(signal))),
  ...taskTools,
]

/** Listed by the product, answered by handlers around its own. */
const elsewhere = [...contentNames, ...questionNames, ...syncNames].map((name) =>
  define(name, () => Promise.reject(new Error('A fixture was not answered.'))),
)

/** `lists` is told of another list by a tool that does nothing else. */
export function withFixtureTools(
  { tools: own, listed, ...rest }: Toolset,
  lists: ListChanges,
): Toolset {
  const trigger = define('test_trigger_tool_change', async () => {
    lists.tell(['tools'])
    return { text }
  })
  const all = [...tools, trigger]
  return {
    ...rest,
    tools: new Map([...own, ...all.map((tool) => [tool.name, tool] as const)]),
    listed: { tools: [...listed.tools, ...[...all, ...elsewhere].map(toListedTool)] },
  }
}
