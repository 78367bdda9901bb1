import type { Api } from '../apis/api.ts'
import { type Endpoint, toPattern } from '../apis/endpoint.ts'
import { isWriting } from '../apis/method.ts'
import type { Selections } from '../apis/select.ts'
import type { TrimLimits } from '../apis/trim.ts'
import type { JsonSchemas } from '../base/json-schema.ts'
import { lazily } from '../base/lazily.ts'
import { refuseUnconfirmed } from './confirm/unconfirmed.ts'
import { type DeclaredParameters, Parameters } from './parameters.ts'
import { toTitle } from './title.ts'
import { readOnly, type Tool, writing } from './tool.ts'

/** An HTTP API, as tools and instructions speak of it. */
export interface DeclaredApi {
  readonly name: string
  readonly description: string | undefined
  /** Notes for the model. */
  readonly context: string | undefined
  /** Its client, made when it is asked first. */
  readonly open: () => Promise<Api>
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
  { name: source, open }: DeclaredApi,
  tool: DeclaredApiTool,
  { schemas, selections }: Libraries,
): Tool {
  const { name, title, description, endpoint, select, limits, ...declared } = tool
  const parameters = new Parameters(declared.parameters, schemas)
  const selecting = lazily(async () =>
    select === undefined ? undefined : (await selections()).compile(select),
  )
  // What it answers with, or changes, is somebody else's system.
  const annotations = { ...(isWriting(endpoint.method) ? writing : readOnly), openWorldHint: true }
  const base = {
    name,
    title: title ?? toTitle(name),
    source,
    inputSchema: parameters.inputSchema,
    annotations,
    subject: () => ({ source, statement: toPattern(endpoint) }),
  }
  if (isWriting(endpoint.method))
    return {
      ...base,
      description: `${description.trimEnd()}\nChanges something there, once a person has confirmed it.`,
      effect: {
        async prepare(given, { actor }) {
          const values = await parameters.read(given, { tool: name, actor, keepsNull: true })
          const call = { source, endpoint, values, actor, limits, parameters: tool.parameters }
          const { prepareRequest } = await import('./writing/change-request.ts')
          return prepareRequest({ ...call, select: await selecting(), api: await open() })
        },
      },
      run: refuseUnconfirmed,
    }
  return {
    ...base,
    description,
    async run(given, context) {
      const values = await parameters.read(given, { tool: name, actor: context.actor })
      const asked = { endpoint, values, limits, select: await selecting() }
      const { answerCall } = await import('../apis/answer-call.ts')
      return answerCall(await open(), asked, context)
    },
  }
}
