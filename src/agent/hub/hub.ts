/** The MCP servers of an agent: their tools under one roof, and the one way by which a call reaches them. */
import { AppError, toErrorAnswer } from '../../base/error.ts'
import { type JsonSchemas, loadJsonSchemas } from '../../base/json-schema.ts'
import { shorten } from '../../base/shorten.ts'
import { orCancelled } from '../../base/or-cancelled.ts'
import { within } from '../../base/within.ts'
import { text, type ToolDefinition } from '../messages.ts'
import type { Permit } from '../safety/permit.ts'
import { type CallOptions, Connection } from './connection.ts'
import { KeptResults, readResult } from './kept-results.ts'
import {
  definitionHashOf,
  type HubTool,
  type Listing,
  type Pins,
  pinsOf,
  type SetAside,
  toDefinitions,
  toListing,
} from './listing.ts'
import { mapResult, type ToolResult } from './map-result.ts'
import type { Elicit } from './open-client.ts'
import type { CallEnd } from './requests.ts'
import type { ServerSpec } from './server-spec.ts'

export interface HubOptions {
  /** How long a server may take to start and to list its tools; all start at once. */
  readonly connectMs?: number | undefined
  /** Definitions as they were the last time: what has changed since is set aside. */
  readonly pins?: Pins | undefined
  /** Without one no server is told that a person can be asked. */
  readonly elicit?: Elicit | undefined
  /** Most characters of one result that a model reads at once. */
  readonly resultCharacters?: number | undefined
  /** Ends the connecting. */
  readonly signal?: AbortSignal | undefined
}

const defaultConnectMs = 20_000

/** Connects to all servers at once. One that is slow, dead or broken is set aside, and the others are there. */
export async function openHub(
  specs: readonly ServerSpec[],
  options: HubOptions = {},
): Promise<Hub> {
  const names = specs.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new AppError('config_invalid', `There are two servers called ${twice}.`, {
      hint: 'Give each server a name of its own.',
    })
  }
  const { connectMs = defaultConnectMs, elicit } = options
  const connections = specs.map((spec) => new Connection(spec, { connectMs, elicit }))
  const closeAll = (): void => connections.forEach((one) => void one.close())
  options.signal?.addEventListener('abort', closeAll, { once: true })
  if (options.signal?.aborted === true) closeAll()
  const schemas = loadSchemas()
  const listings = await Promise.all(connections.map((one) => listOf(one, schemas, options.pins)))
  options.signal?.removeEventListener('abort', closeAll)
  if (options.signal?.aborted === true) {
    await Promise.all(connections.map((one) => one.close()))
    throw new AppError('cancelled', 'The connecting was cancelled.')
  }
  return new Hub(connections, listings, new KeptResults(options.resultCharacters))
}

/** While the servers start, and once for all: the first check compiles the schema of schemas, which takes long. */
async function loadSchemas(): Promise<JsonSchemas> {
  const schemas = await loadJsonSchemas()
  schemas.misshapen({})
  return schemas
}

async function listOf(
  connection: Connection,
  schemas: Promise<JsonSchemas>,
  pins: Pins | undefined,
): Promise<Listing> {
  try {
    const listed = await connection.list()
    return toListing(connection.spec, listed, { schemas: await schemas, pins })
  } catch (error) {
    const reason = error instanceof AppError ? whyOf(error) : 'It answered with nonsense.'
    return { tools: [], setAside: [{ server: connection.spec.name, reason }] }
  }
}

/** For the person, who is to mend it: also what the server said last. */
const whyOf = ({ message, detail = '' }: AppError): string =>
  shorten(`${message} ${detail.replaceAll(/\s+/g, ' ')}`.trim(), 400)

export class Hub {
  /** What a model is sent: the same object for the life of the hub. */
  readonly definitions: readonly ToolDefinition[]
  readonly setAside: readonly SetAside[]
  readonly pins: Pins
  readonly #byName: ReadonlyMap<string, HubTool>
  readonly #connections: ReadonlyMap<string, Connection>
  readonly #kept: KeptResults
  /** Tools whose definition is another than the one that the model has read. */
  readonly #heldBack = new Set<string>()
  readonly #comparing = new Map<Connection, Promise<boolean>>()

  constructor(connections: readonly Connection[], listings: readonly Listing[], kept: KeptResults) {
    const tools = listings.flatMap((listing) => listing.tools)
    const defined = toDefinitions(tools)
    const shown = defined.map(([definition]) => definition)
    this.definitions = Object.freeze(shown.length === 0 ? [] : [...shown, readResult])
    this.#byName = new Map(defined.map(([{ name }, tool]) => [name, tool]))
    this.#connections = new Map(connections.map((one) => [one.spec.name, one]))
    this.setAside = listings.flatMap((listing) => listing.setAside)
    this.pins = pinsOf(tools)
    this.#kept = kept
  }

  /** By the name that a model has read. */
  toolNamed(name: string): HubTool | undefined {
    return this.#byName.get(name)
  }

  get tools(): readonly HubTool[] {
    return [...this.#byName.values()]
  }

  /** What trusted servers say of how to use them. Others may not speak where the person's own words stand. */
  get instructions(): readonly string[] {
    return [...this.#connections.values()].flatMap((connection) => {
      const { spec, instructions } = connection
      const known = spec.trusted === true && this.tools.some(({ server }) => server === spec.name)
      return known && instructions !== undefined ? [`${spec.name}: ${instructions}`] : []
    })
  }

  /** The built-in tool's answer; no server hears of it. */
  readKept({ result_id, offset }: Readonly<Record<string, unknown>>): ToolResult {
    try {
      return { content: [text(this.#kept.read(result_id, offset))], isError: false }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { content: [text(JSON.stringify(toErrorAnswer(error)))], isError: true }
    }
  }

  /** Never throws for what a server does: that is for the model to read. */
  async call(permit: Permit, options: CallOptions): Promise<ToolResult> {
    const connection = this.#connections.get(permit.server)
    const tool = this.tools.find(
      (one) =>
        one.server === permit.server &&
        one.definitionHash === permit.definitionHash &&
        one.tool === permit.tool,
    )
    if (connection === undefined || tool === undefined) return failure('There is no such tool.')
    const end = await this.#callTwice(permit, [connection, tool], options)
    return isEnd(end) ? this.#toResult(end, tool) : end
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()))
  }

  /** Again where nothing can have come of the first time, over a connection that is compared anew. */
  async #callTwice(
    permit: Permit,
    [connection, tool]: readonly [Connection, HubTool],
    options: CallOptions,
  ): Promise<CallEnd | ToolResult> {
    for (let first = true; ; first = false) {
      const known = await this.#known(connection, tool, options)
      if (options.signal.aborted) return failure('The call was cancelled before it was made.')
      if (!known) return { kind: 'not_sent' }
      if (this.#heldBack.has(keyOf(tool))) return failure(heldBack)
      const end = await connection.call(permit, tool.listed, options)
      if (!first || !mayRepeat(end, tool) || options.signal.aborted) return end
    }
  }

  /** Whether it is known what the tools are by now, and what is not what it was is held back. */
  async #known(
    connection: Connection,
    { facts }: HubTool,
    { signal, timeoutMs }: CallOptions,
  ): Promise<boolean> {
    const sure = !connection.stale && (connection.hears || facts.readOnly)
    if (sure && !this.#comparing.has(connection)) return true
    const compared = orCancelled(this.#comparedOnce(connection), signal)
    return within(compared, timeoutMs, notListed).catch(() => false)
  }

  /** Calls that come while the tools are compared wait for that, and none goes past it. */
  #comparedOnce(connection: Connection): Promise<boolean> {
    const running = this.#comparing.get(connection)
    if (running !== undefined) return running
    const comparing = this.#compare(connection)
      .catch(() => false)
      .finally(() => this.#comparing.delete(connection))
    this.#comparing.set(connection, comparing)
    return comparing
  }

  /** @returns false where they change faster than anybody can look */
  async #compare(connection: Connection): Promise<boolean> {
    for (let looks = 0; looks < mostLooks; looks += 1) {
      const listed = await connection.list()
      // Of two of one name the first is the one that was shown.
      const hashes = new Map(listed.toReversed().map((one) => [one.name, definitionHashOf(one)]))
      for (const tool of this.tools.filter(({ server }) => server === connection.spec.name)) {
        if (hashes.get(tool.tool) !== tool.definitionHash) this.#heldBack.add(keyOf(tool))
      }
      if (!connection.stale) return true
    }
    return false
  }

  #toResult(end: CallEnd, { facts }: HubTool): ToolResult {
    switch (end.kind) {
      case 'answered':
        return mapResult(end.answer, this.#kept)
      case 'refused':
        return failure(this.#kept.cut(`The server refused the call: ${end.message}`))
      case 'not_sent':
        return failure(
          'The server, or its list of tools, cannot be reached; the call was not made.',
        )
      case 'cancelled':
        return failure(
          facts.readOnly ? 'The call was cancelled.' : `The call was cancelled. ${unknownOutcome}`,
        )
      case 'unknown': {
        const what =
          end.why === 'lost'
            ? 'The connection was lost'
            : 'The call took too long and was cancelled'
        const then = facts.readOnly ? 'Nothing was changed.' : unknownOutcome
        return failure(`${what}. ${then}`)
      }
    }
  }
}

const notListed = (): AppError => new AppError('timed_out', 'The tools were not listed in time.')

/** After each notice of a change. */
const mostLooks = 3

const unknownOutcome =
  'Its outcome is unknown: it may have had its effect. Look before it is made again.'

const heldBack =
  'The definition of this tool has changed since the start of this run. It is held back until a person has looked at it; go on without it.'

const isEnd = (end: CallEnd | ToolResult): end is CallEnd => 'kind' in end

const mayRepeat = (end: CallEnd, { facts }: HubTool): boolean =>
  end.kind === 'not_sent' || (end.kind === 'unknown' && end.why === 'lost' && facts.readOnly)

const keyOf = ({ server, tool }: HubTool): string => JSON.stringify([server, tool])

const failure = (message: string): ToolResult => ({
  content: [text(message.replaceAll(/\p{Cs}/gu, '\uFFFD'))],
  isError: true,
})
