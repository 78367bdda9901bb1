import { onTestFinished } from 'vitest'
import { type App, createApp } from '../../dist/app/app.js'
import type { Actor } from '../../dist/base/actor.js'
import { defaultConfig, type ToolConfig } from '../../dist/config/config.js'
import type { WhenDone } from '../../dist/testing/index.js'
import type { Answer } from '../../dist/tools/tool.js'
import { makeDuckdb } from './duckdb.ts'
import { makeMysqlDatabase, servers } from './mysql.ts'
import { type Change, noSignal, sourceConfig } from './open.ts'
import { hasPostgres, makePostgres } from './postgres.ts'
import { makeDatabase, scratchFolder } from './scratch.ts'
import { toolsetsOf } from './toolsets.ts'
import { join } from 'node:path'

/** An engine that a database of its own can be made on. */
export interface Engine {
  readonly title: string
  /** Makes one out of the statements, and gives its URL. */
  readonly make: (setup: readonly string[], whenDone: WhenDone) => Promise<string>
}

/** Every engine that is here. */
export const engines: readonly Engine[] = [
  {
    title: 'SQLite',
    make: async (setup, whenDone) =>
      `sqlite:${makeDatabase(setup.join(';\n'), join(scratchFolder(whenDone), 'test.db'))}`,
  },
  {
    title: 'DuckDB',
    make: async (setup, whenDone) =>
      `duckdb:${await makeDuckdb(setup.join(';\n'), join(scratchFolder(whenDone), 'test.duckdb'))}`,
  },
  ...(hasPostgres
    ? [
        {
          title: 'PostgreSQL',
          make: async (setup: readonly string[], whenDone: WhenDone) =>
            (await makePostgres(setup.join(';\n'), whenDone)).url(),
        },
      ]
    : []),
  ...servers.map((server) => ({
    title: server.title,
    make: async (setup: readonly string[], whenDone: WhenDone) =>
      (await makeMysqlDatabase(server, setup, whenDone)).url,
  })),
]

export type ToolChange = Partial<Omit<ToolConfig, 'parameters'>> & {
  /** Schemas, with `optional` and `claim` as the config has them. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** As the config reads it. */
export function toolConfig(sql: string, change: ToolChange = {}): ToolConfig {
  const { parameters = {}, ...rest } = change
  return {
    name: 'asked',
    title: undefined,
    description: 'What is asked.',
    source: 'main',
    columns: {},
    rows: undefined,
    cacheMs: 0,
    ...rest,
    sql,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, { optional = false, claim, ...schema }]) => [
        name,
        {
          schema,
          isOptional: optional === true || 'default' in schema,
          claim: claim as string | undefined,
        },
      ]),
    ),
  }
}

/** Longer than a machine that is busy with other tests takes for any of these. */
const patientMs = 60_000

/** An app with these tools over one database, whose schema has been read. */
export async function openTools(
  url: string,
  tools: readonly ToolConfig[],
  { whenDone = onTestFinished, limits, ...change }: Change & { readonly whenDone?: WhenDone } = {},
): Promise<App> {
  const patient = { timeoutMs: patientMs, ...limits }
  const sources = [sourceConfig('', { url, ...change, limits: patient })]
  const app = createApp({ ...defaultConfig, name: 'test', sources, tools })
  whenDone(() => app.close())
  await app.unreachable(noSignal)
  return app
}

/** What is wrong with the tools. */
export const brokenIn = (app: App): ReturnType<App['brokenTools']> =>
  app.brokenTools(AbortSignal.timeout(patientMs))

/** Calls a tool as an actor has it, through all gates; an error as its answer. */
export async function callTool(
  app: App,
  [name, given]: readonly [name: string, given: object],
  actor: Actor = app.localActor,
): Promise<Answer> {
  const tool = toolsetsOf(app)(actor).tools.get(name)
  if (tool === undefined) return { code: 'unknown_tool' }
  const context = { signal: AbortSignal.timeout(patientMs), actor }
  try {
    const call = { tool, arguments: given, context, origin: { transport: 'stdio' as const } }
    return (await app.callTool(call)).answer
  } catch (error) {
    const { code, message, hint, detail } = error as Record<string, unknown>
    return { code, message, hint, ...(detail === undefined ? {} : { detail }) }
  }
}
