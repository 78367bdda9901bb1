import { answerCall } from '../apis/answer-call.ts'
import type { Api } from '../apis/api.ts'
import { type Endpoint, toPattern } from '../apis/endpoint.ts'
import type { Selections } from '../apis/select.ts'
import type { TrimLimits } from '../apis/trim.ts'
import type { JsonSchemas } from '../base/json-schema.ts'
import { lazily } from '../base/lazily.ts'
import { type DeclaredParameters, Parameters } from './parameters.ts'
import { toTitle } from './title.ts'
import { readOnly, type Tool } from './tool.ts'

/** An HTTP API, as tools and instructions speak of it. */
export interface DeclaredApi {
  readonly name: string
  readonly description: string | undefined
  /** Notes for the model. */
  readonly context: string | undefined
  readonly api: Api
}

/** A request to an API that a model makes by name. */
export interface DeclaredApiTool {
  readonly name: string
  readonly title: string | undefined
  readonly description: string
  readonly endpoint: Endpoint
  readonly parameters: DeclaredParameters
  /** JMESPath. */
  readonly select: string | undefined
  readonly limits: TrimLimits
}

/** Libraries, asked for when the first call comes. */
export interface Libraries {
  readonly schemas: () => Promise<JsonSchemas>
  readonly selections: () => Promise<Selections>
}

export function defineApiTool(
  { name: source, api }: DeclaredApi,
  { name, title, description, endpoint, select, limits, ...declared }: DeclaredApiTool,
  { schemas, selections }: Libraries,
): Tool {
  const parameters = new Parameters(declared.parameters, schemas)
  const selecting = lazily(async () => select && (await selections()).compile(select))
  return {
    name,
    title: title ?? toTitle(name),
    description,
    source,
    inputSchema: parameters.inputSchema,
    // What it answers with is somebody else's system.
    annotations: { ...readOnly, openWorldHint: true },
    subject: () => ({ source, statement: toPattern(endpoint) }),
    async run(given, context) {
      const values = await parameters.read(given, { tool: name, actor: context.actor })
      const chosen = (await selecting()) || undefined
      return answerCall(api, { endpoint, values, select: chosen, limits }, context)
    },
  }
}
