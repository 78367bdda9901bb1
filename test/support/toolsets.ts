import type { App } from '../../dist/app/app.js'
import { createToolsets } from '../../dist/server/toolsets.js'

const made = new WeakMap<App, ReturnType<typeof createToolsets>>()

/** What actors see of an app; made once for each, as a server does. */
export function toolsetsOf(app: App): ReturnType<typeof createToolsets> {
  const toolsetOf = made.get(app) ?? createToolsets(app)
  made.set(app, toolsetOf)
  return toolsetOf
}
