import { type Answered, ask } from '../support/nginx.ts'
import { pause } from '../support/workers.ts'
import { tokenOf } from './tokens.ts'

/** Callers at a time, each with a token of its own. */
export const crowd: readonly string[] = ['ana', 'ben', 'cem', 'dua', 'eva', 'fay'].map(tokenOf)

/** Between two questions of one caller: below what the proxy grants each and all of them. */
const everyMs = 65

interface Asked {
  answered: number
  /** What went wrong, in words. */
  readonly failures: string[]
}

export interface Crowd {
  /** So far. */
  readonly asked: Asked
  /** Resolves when that many more questions were answered. */
  more(count: number): Promise<void>
  /** Lets everybody finish. */
  end(): Promise<Asked>
}

/**
 * Asks for numbers until it is told to end. Each answer must be the one to its question.
 *
 * @param retries how often a question is asked again that found nobody
 */
export function gather(url: URL, retries: number): Crowd {
  const asked: Asked = { answered: 0, failures: [] }
  let number = 0
  const ending = new AbortController()
  const askOn = async (token: string): Promise<void> => {
    while (!ending.signal.aborted) {
      number += 1
      const failure = await askWithRetries({ url, token, number }, retries)
      if (failure === undefined) asked.answered += 1
      else asked.failures.push(failure)
      await pause(everyMs)
    }
  }
  const everybody = Promise.all(crowd.map(askOn))
  return {
    asked,
    async more(count) {
      const enough = asked.answered + count
      const deadline = Date.now() + 15_000
      while (asked.answered < enough) {
        if (Date.now() > deadline)
          throw new Error(`Answered ${asked.answered}: ${asked.failures[0]}`)
        await pause(20)
      }
    },
    async end() {
      ending.abort()
      await everybody
      return asked
    },
  }
}

interface Question {
  readonly url: URL
  readonly token: string
  readonly number: number
}

async function askWithRetries(question: Question, retries: number): Promise<string | undefined> {
  const failure = await askNumber(question)
  if (failure === undefined || retries === 0) return failure
  await pause(100)
  return askWithRetries(question, retries - 1)
}

async function askNumber({ url, token, number }: Question): Promise<string | undefined> {
  const query = `SELECT ${number} AS number, '${token}' AS caller`
  const params = { name: 'query_database', arguments: { query } }
  const call = { jsonrpc: '2.0', id: number, method: 'tools/call', params }
  try {
    return check(await ask(url, call, { token }), { token, number })
  } catch (error) {
    return String(error)
  }
}

function check(
  { status, text }: Answered,
  { token, number }: Omit<Question, 'url'>,
): string | undefined {
  if (status !== 200) return `${status} ${text.slice(0, 200)}`
  const [, json = text] = /^data: (.+)$/m.exec(text) ?? []
  const { id, result } = JSON.parse(json) as {
    id: unknown
    result?: { structuredContent?: { rows?: unknown } }
  }
  const rows = JSON.stringify(result?.structuredContent?.rows)
  const isOwn = id === number && rows === JSON.stringify([[number, token]])
  return isOwn ? undefined : `asked ${number}, was given ${text.slice(0, 200)}`
}
