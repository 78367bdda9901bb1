import { onTestFinished } from 'vitest'
import { type Api, createApi } from '../../dist/apis/api.js'
import type { Response } from '../../dist/apis/exchange.js'
import type { Resolve } from '../../dist/apis/lookup.js'
import { type ApiOptions, defaultApiLimits } from '../../dist/apis/options.js'

export type Change = Partial<Omit<ApiOptions, 'limits'>> & {
  readonly limits?: Partial<ApiOptions['limits']>
  readonly resolve?: Resolve
}

/** The client of an API of this machine, which its options name. */
export function openApi(url: string, { limits, resolve, ...change }: Change = {}): Api {
  const api = createApi(
    {
      name: 'billing',
      url,
      shownUrl: url,
      headers: {},
      query: {},
      secrets: [],
      hosts: [],
      privateAddresses: 'private',
      ...change,
      limits: { ...defaultApiLimits, ...limits },
    },
    resolve,
  )
  onTestFinished(() => api.close())
  return api
}

export const get = (
  api: Api,
  path = '/',
  signal: AbortSignal = new AbortController().signal,
): Promise<Response> => api.ask({ method: 'GET', path, query: '', headers: {} }, { signal })

/** Code and message of what went wrong. */
export const failureOf = (asked: Promise<unknown>): Promise<Record<string, unknown>> =>
  asked.then(
    (value) => ({ value }),
    ({ code, message, hint, detail }: Record<string, unknown>) => ({ code, message, hint, detail }),
  )
