import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import {
  type AgentOptions,
  createScriptedProvider,
  readServersFile,
  type ScriptedReply,
  type ServerSpec,
  strongModel,
} from '../agent/index.ts'
import { AppError } from '../base/error.ts'
import { readFacts, withFacts } from './agent-facts.ts'
import { readPins } from './agent-pins.ts'
import { readPrices } from './agent-prices.ts'
import { ownCommand } from './own-command.ts'
import { isConfig, toConfig } from './target.ts'

/** Of `ask` and of `chat`. */
export interface AgentFlags {
  readonly target?: string | undefined
  readonly model?: string
  readonly servers?: string
  readonly server: readonly string[]
  readonly facts?: string
  readonly pins?: string
  readonly system?: string
  readonly prices?: string
  readonly maxUsd?: string
  readonly maxTurns?: number
  readonly maxTokens?: number
  readonly callTimeout?: number
  readonly timeout?: number
  readonly transcript?: string
  readonly resume?: boolean
  readonly script?: string
  readonly outputSchema?: string
  readonly quiet?: boolean
  readonly json?: boolean
}

const defaultTarget = 'vitrine.yaml'

/** What the flags say, as the library takes it. */
export async function toAgentOptions(flags: AgentFlags): Promise<AgentOptions> {
  if (flags.resume === true && flags.transcript === undefined) {
    throw new AppError('invalid_input', '--resume needs --transcript with the file to go on with.')
  }
  const { maxUsd, maxTurns, maxTokens, callTimeout, timeout } = flags
  return {
    servers: withFacts(await serversOf(flags), await readFacts(flags.facts)),
    provider: await providerOf(flags),
    prices: await readPrices(flags.prices),
    pins: await readPins(flags.pins),
    system: flags.system,
    limits: {
      maxUsd,
      ...(maxTurns === undefined ? {} : { maxTurns }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(callTimeout === undefined ? {} : { callTimeoutMs: callTimeout * 1000 }),
      ...(timeout === undefined ? {} : { totalTimeoutMs: timeout * 1000 }),
    },
    transcript: flags.transcript,
    resume: flags.resume,
    outputSchema:
      flags.outputSchema === undefined
        ? undefined
        : ((await readJson(flags.outputSchema)) as Record<string, unknown>),
  }
}

async function serversOf(flags: AgentFlags): Promise<readonly ServerSpec[]> {
  const { target = existsSync(defaultTarget) ? defaultTarget : undefined } = flags
  // What is wrong in it the person is told at once; a server that cannot start is only set aside.
  if (target !== undefined && isConfig(target)) await toConfig(target)
  const listed =
    flags.servers === undefined ? [] : await readServersFile(flags.servers, process.env)
  const servers = [...(target === undefined ? [] : [ownServer(target)]), ...listed]
  return [...servers, ...flags.server.map(toServer)]
}

/** Vitrine itself, started as any client starts it; its word is ours. Its config may name any variable. */
function ownServer(target: string): ServerSpec {
  const { command, args } = ownCommand()
  const reach = { kind: 'stdio', command, args: [...args, 'serve', target] } as const
  const env = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'ANTHROPIC_API_KEY' ? [] : [[name, value] as const],
  )
  return { name: 'vitrine', reach: { ...reach, env: Object.fromEntries(env) }, trusted: true }
}

function toServer(written: string): ServerSpec {
  const [, name, reach] = /^([^=\s]+)=(\S.*)$/.exec(written) ?? []
  if (name === undefined || reach === undefined) {
    throw new AppError('invalid_input', `--server takes name=command, not ${written}.`, {
      hint: 'Such as --server files="npx -y @modelcontextprotocol/server-filesystem ." or --server crm=https://….',
    })
  }
  if (/^https?:\/\//.test(reach)) return { name, reach: { kind: 'http', url: reach, headers: {} } }
  const [command = '', ...args] = reach.split(/\s+/)
  return { name, reach: { kind: 'stdio', command, args, env: {} } }
}

async function providerOf({ script, model }: AgentFlags): Promise<AgentOptions['provider']> {
  if (script === undefined) return { model: model ?? strongModel }
  const turns = await readJson(script)
  if (Array.isArray(turns)) return createScriptedProvider(turns as ScriptedReply[], model)
  throw new AppError('invalid_input', 'A script is a JSON list of answers.')
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === 'ENOENT' ? 'There is no file' : 'Nobody here can read'
    throw new AppError('invalid_input', `${what} ${path}.`, { hint: 'Name another one.', cause })
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    const { message } = cause as SyntaxError
    throw new AppError('invalid_input', `${path} is no JSON: ${message}.`, {
      hint: 'Mend it, or name another file.',
      cause,
    })
  }
}
