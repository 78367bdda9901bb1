import { toAppError } from '../base/error.ts'
import type { Api } from './api.ts'

/** What an API says when its URL is asked, in nobody's name. */
export interface Probe {
  readonly level: 'ok' | 'warning'
  readonly message: string
  readonly remedy?: string
}

/** Any answer is one: few APIs have something at their own URL. Never rejects. */
export async function probe(api: Api, signal: AbortSignal): Promise<Probe> {
  try {
    const { status } = await api.reach(signal)
    if (status === 401 || status === 403) return { ...refused, message: `It answers ${status}.` }
    if (status >= 500) return { level: 'warning', message: `It answers, and fails (${status}).` }
    return { level: 'ok', message: `It answers (${status}).` }
  } catch (thrown) {
    const { code, message, detail, hint } = toAppError(thrown)
    // Such as a redirect to a page for people.
    if (code === 'query_failed') return { level: 'ok', message: 'It answers.' }
    if (detail !== undefined) return { level: 'warning', message: detail }
    return { level: 'warning', message, remedy: hint }
  }
}

const refused = {
  level: 'warning',
  remedy:
    'Its URL alone may need more rights than its operations; otherwise renew the credentials.',
} as const
