import { hashOf } from '../../dist/edge/auth/token.js'

const names = ['ana', 'ben', 'cem', 'dua', 'eva', 'fay', 'zoe']

/** Easily guessed, as no real one is. */
export function tokenOf(name: string): string {
  return `vitrine_${name}`
}

const dayMs = 24 * 60 * 60 * 1000

/** A file of tokens that opens everything to everybody of the tests. */
export const tokenFile = (): string =>
  JSON.stringify(
    names.map((name) => ({
      name,
      hash: hashOf(tokenOf(name)),
      tools: 'all',
      sources: 'all',
      created: new Date().toISOString(),
      expires: new Date(Date.now() + dayMs).toISOString(),
    })),
  )
