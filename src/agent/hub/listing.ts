import type { JsonSchemas } from '../../base/json-schema.ts'
import { shorten } from '../../base/shorten.ts'
import type { ToolDefinition } from '../messages.ts'
import { hashOf } from '../safety/hash-of.ts'
import type { ToolFacts } from '../safety/decide.ts'
import { factsOf } from '../safety/tool-facts.ts'
import { toInputSchema } from './input-schema.ts'
import { nameTools } from './naming.ts'
import type { ListedTool } from './requests.ts'
import type { ServerSpec } from './server-spec.ts'

/** A tool that a model may be shown. */
export interface HubTool {
  readonly server: string
  readonly tool: string
  readonly definitionHash: string
  readonly facts: ToolFacts
  readonly listed: ListedTool
  readonly inputSchema: Readonly<Record<string, unknown>>
}

/** A tool, or without `tool` a whole server, that is not used, and why. */
export interface SetAside {
  readonly server: string
  readonly tool?: string | undefined
  readonly reason: string
}

/** Hashes of definitions, by server and tool, that a person has seen or that were there the last time. */
export type Pins = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface Listing {
  readonly tools: readonly HubTool[]
  readonly setAside: readonly SetAside[]
}

const longestDescription = 10_000

/** What the definition of a tool is to a model: when one of these changes, it is another tool. */
export const definitionHashOf = ({
  name,
  description,
  inputSchema,
  annotations,
}: ListedTool): string =>
  hashOf([name, description ?? null, inputSchema ?? null, annotations ?? null])

export interface ListingMeans {
  readonly schemas: JsonSchemas
  readonly pins: Pins | undefined
}

/** The tools of one server that can be used, and those that cannot. */
export function toListing(
  spec: ServerSpec,
  listed: readonly ListedTool[],
  { schemas, pins }: ListingMeans,
): Listing {
  const tools: HubTool[] = []
  const setAside: SetAside[] = []
  const seen = new Set<string>()
  for (const tool of listed) {
    const made = toHubTool(spec, tool)
    const flaw = seen.has(tool.name)
      ? 'the server lists two of that name'
      : 'flaw' in made
        ? made.flaw
        : (changed(made, pins) ??
          (schemas.misshapen(made.inputSchema) && 'its input is no JSON Schema'))
    seen.add(tool.name)
    if (flaw === undefined && !('flaw' in made)) tools.push(made)
    else setAside.push({ server: spec.name, tool: tool.name, reason: flaw ?? '' })
  }
  const stray = Object.keys(spec.tools ?? {}).filter((name) => !seen.has(name))
  const reason = 'there are facts about it, and no such tool: they protect nothing'
  setAside.push(...stray.map((tool) => ({ server: spec.name, tool, reason })))
  return { tools, setAside }
}

function toHubTool(spec: ServerSpec, listed: ListedTool): HubTool | { readonly flaw: string } {
  const { schema, ...rest } = toInputSchema(listed.inputSchema)
  if (schema === undefined) return rest as { flaw: string }
  return {
    server: spec.name,
    tool: listed.name,
    definitionHash: definitionHashOf(listed),
    facts: factsOf({
      stated: [spec.tools?.[listed.name], spec.facts],
      annotations: listed.annotations,
      trusted: spec.trusted === true,
    }),
    listed,
    inputSchema: schema,
  }
}

/** A server without pins is seen for the first time; a tool without one, of a server with pins, is new. */
function changed(
  { server, tool, definitionHash }: HubTool,
  pins: Pins | undefined,
): string | undefined {
  const pinned = pins?.[server]
  if (pinned === undefined || pinned[tool] === definitionHash) return undefined
  return pinned[tool] === undefined
    ? 'it is new since its server was pinned'
    : 'its definition is another than the pinned one'
}

/** By the name that a model calls it, in the order in which they are sent: always the same. */
export function toDefinitions(tools: readonly HubTool[]): readonly [ToolDefinition, HubTool][] {
  return [...nameTools(tools)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, tool]) => [toDefinition(name, tool), tool])
}

const toDefinition = (name: string, { listed, inputSchema }: HubTool): ToolDefinition => ({
  name,
  description:
    typeof listed.description === 'string'
      ? shorten(listed.description.replaceAll(/\p{Cs}/gu, '\uFFFD'), longestDescription)
      : '',
  input_schema: inputSchema,
})

export const pinsOf = (tools: readonly HubTool[]): Pins => {
  const pins: Record<string, Record<string, string>> = {}
  for (const { server, tool, definitionHash } of tools) {
    pins[server] = { ...pins[server], [tool]: definitionHash }
  }
  return pins
}
