import type { Actor } from '../base/actor.ts'
import { toAnswer, type ApiAnswer } from './answer.ts'
import type { Api } from './api.ts'
import { buildRequest, type Values } from './build-request.ts'
import type { Endpoint } from './endpoint.ts'
import { refusalOf } from './refusal.ts'
import type { Select } from './select.ts'
import type { TrimLimits } from './trim.ts'

export interface Asked {
  readonly endpoint: Endpoint
  readonly values: Values
  readonly select: Select | undefined
  readonly limits: TrimLimits
}

/** Asks an endpoint, and gives what a model reads. @throws AppError */
export async function answerCall(
  api: Api,
  { endpoint, values, select, limits }: Asked,
  caller: { readonly signal: AbortSignal; readonly actor?: Actor | undefined },
): Promise<ApiAnswer> {
  const response = await api.ask(buildRequest(endpoint, values), caller)
  const refusal = refusalOf(response, api.hide)
  if (refusal !== undefined) throw refusal
  return toAnswer(response, { select, limits, hide: api.hide })
}
