/** A request to an API that changes something: shown to a person first, then sent once. */
import type { Api } from '../../apis/api.ts'
import { buildRequest } from '../../apis/build-request.ts'
import type { Endpoint } from '../../apis/endpoint.ts'
import type { Select } from '../../apis/select.ts'
import { showRequest } from '../../apis/show-request.ts'
import type { TrimLimits } from '../../apis/trim.ts'
import { toWrittenAnswer } from '../../apis/written-answer.ts'
import type { Actor } from '../../base/actor.ts'
import { claimedNames, type DeclaredParameters, type Values } from '../parameters.ts'
import type { Prepared } from '../tool.ts'

export interface RequestCall {
  readonly source: string
  readonly api: Api
  readonly endpoint: Endpoint
  readonly parameters: DeclaredParameters
  readonly values: Values
  readonly actor: Actor | undefined
  readonly select: Select | undefined
  readonly limits: TrimLimits
}

/** The request as it will be sent, and what a person is told of it. Nothing is connected to. */
export function prepareRequest(call: RequestCall): Prepared {
  const { source, api, endpoint, parameters, values, select, limits } = call
  const change = api.prepare(buildRequest(endpoint, values), call.actor)
  const closed = claimedNames(parameters)
  const open = { ...values, ...Object.fromEntries(closed.map((name) => [name, 'known_of_caller'])) }
  return {
    plan: {
      action: `Send this to ${source}`,
      text: change.shown,
      textForModel: showRequest(buildRequest(endpoint, open)),
      values: encoded(endpoint, values),
      closedToModel: closed,
      bounds: 'It is sent once. What it changes there, the API decides.',
      definition: change.digest,
    },
    run: async ({ signal }) =>
      toWrittenAnswer(await change.send(signal), { select, limits, hide: api.hide }),
  }
}

/** Those that the text has in another spelling; a person reads them as they were given. */
const encoded = ({ places }: Endpoint, values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) =>
        (places[name]?.in === 'path' || places[name]?.in === 'query') &&
        value !== null &&
        value !== undefined,
    ),
  )
