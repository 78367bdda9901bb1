import type { ToolFacts } from './decide.ts'

/** Facts that a person states about a tool, or about all tools of a server. */
export interface StatedFacts {
  readonly readOnly?: boolean | undefined
  readonly destructive?: boolean | undefined
  readonly egress?: boolean | undefined
  readonly untrusted?: boolean | undefined
  readonly sensitive?: boolean | undefined
  readonly denied?: boolean | undefined
}

/** What a server says of its tool: https://modelcontextprotocol.io/specification/2026-07-28/server/tools. */
export interface Annotations {
  readonly readOnlyHint?: unknown
  readonly destructiveHint?: unknown
  readonly openWorldHint?: unknown
}

export interface FactSources {
  /** Of this tool first, then of its server. */
  readonly stated: readonly (StatedFacts | undefined)[]
  readonly annotations: Annotations | undefined
  /** A person trusts what the server says of itself. */
  readonly trusted: boolean
}

/** The defaults of MCP: a tool of which nothing is known changes, destroys, and reaches out. */
const unknownTool: ToolFacts = {
  readOnly: false,
  destructive: true,
  egress: true,
  untrusted: true,
  sensitive: true,
  denied: false,
}

/**
 * What a person states holds; of the rest, a trusted server's annotations; of the rest, the worst. What
 * a server says of itself may always make a tool stricter.
 */
export function factsOf({ stated, annotations, trusted }: FactSources): ToolFacts {
  const said = fromAnnotations(annotations)
  const layers = [...stated, trusted ? said : undefined]
  const fact = (key: keyof ToolFacts): boolean =>
    layers.find((layer) => layer?.[key] !== undefined)?.[key] ?? unknownTool[key]
  return {
    readOnly: fact('readOnly') && said.readOnly !== false,
    destructive: fact('destructive') || said.destructive === true,
    egress: fact('egress') || said.egress === true,
    untrusted: fact('untrusted'),
    sensitive: fact('sensitive'),
    denied: fact('denied'),
  }
}

function fromAnnotations(annotations: Annotations | undefined): StatedFacts {
  const { readOnlyHint, destructiveHint, openWorldHint } = annotations ?? {}
  return {
    readOnly: toBoolean(readOnlyHint),
    destructive: toBoolean(destructiveHint),
    egress: toBoolean(openWorldHint),
  }
}

const toBoolean = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined
