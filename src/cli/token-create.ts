import { openApp } from '../app/open-app.ts'
import type { Allowed } from '../base/actor.ts'
import { AppError } from '../base/error.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Config } from '../config/config.ts'
import {
  dayMs,
  hashOf,
  makeTokenText,
  mostLifetimeDays,
  type Token,
  tokenNamePattern,
  toShown,
} from '../edge/auth/token.ts'
import { addToken } from '../edge/auth/change-tokens.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { findTokenFile, type TokenTarget } from './token-target.ts'

export interface TokenCreateOptions extends TokenTarget {
  readonly name: string
  readonly tools: string
  readonly sources: string
  readonly expires: string
  readonly claims: readonly string[]
  readonly now: Date
  readonly json?: boolean
}

/** `vitrine token create`: the token goes to stdout, alone, so that it can be piped. */
export async function tokenCreate(
  options: TokenCreateOptions,
  terminal: Terminal,
): Promise<number> {
  const text = makeTokenText()
  const token = toToken(options, hashOf(text))
  const { path, config } = await findTokenFile(options)
  if (config !== undefined) await checkNames(token, config)
  await addToken(path, token)
  if (options.json === true) {
    terminal.print(JSON.stringify({ token: text, ...toShown(token) }))
    return exitCode.done
  }
  terminal.print(text)
  terminal.note(`This is shown once: ${path} keeps its hash. ${summary(token)}`)
  return exitCode.done
}

function toToken(options: TokenCreateOptions, hash: string): Token {
  const { name, tools, sources, expires, claims, now } = options
  if (!tokenNamePattern.test(name)) throw wrong('name', 'up to 64 letters, digits and _ . @ -')
  return {
    name,
    hash,
    tools: toAllowed(tools, 'tools'),
    sources: toAllowed(sources, 'sources'),
    claims: Object.fromEntries(claims.map(toClaim)),
    created: now,
    expires: toEnd(expires, now),
  }
}

function toAllowed(text: string, option: string): Allowed {
  if (text.trim() === 'all') return 'all'
  const names = text.split(',').map((name) => name.trim())
  if (names.every((name) => name !== '' && name !== 'all')) return names
  throw wrong(option, 'all, or names with commas between them')
}

function toClaim(text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (name !== undefined && value !== undefined) return [name, value]
  throw wrong('claim', 'a name and a value, such as tenant=acme')
}

const unitDays: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, y: 365 }

/** So much later, or at the beginning of a day (UTC). */
function toEnd(text: string, now: Date): Date {
  const [, amount, unit = ''] = /^(\d{1,5})([hdwy])$/.exec(text) ?? []
  const end =
    amount === undefined
      ? new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? text : Number.NaN)
      : new Date(+now + Number(amount) * (unitDays[unit] ?? 0) * dayMs)
  if (+end > +now && +end - +now <= mostLifetimeDays * dayMs) return end
  throw wrong('expires', 'a time of at most a year: 90d, 12h, 26w, 1y or a day to come')
}

const wrong = (option: string, expected: string): AppError =>
  new AppError('invalid_input', `--${option} is wrong.`, { hint: `Expected ${expected}.` })

/** A slip in a name would make a token that opens nothing, and nobody would see why. */
async function checkNames({ tools, sources }: Token, config: Config): Promise<void> {
  checkEach(
    'source',
    sources,
    [...config.sources, ...config.apis].map(({ name }) => name),
  )
  const { rightsOf } = await import('../tools/tools.ts')
  checkEach('tool', tools, rightsOf(await openApp(config)))
}

function checkEach(kind: string, allowed: Allowed, known: readonly string[]): void {
  for (const name of allowed === 'all' ? [] : allowed) {
    if (known.includes(name)) continue
    throw new AppError('invalid_input', `There is no ${kind} ${name}.`, {
      hint: didYouMean(name, known) ?? `There are: ${known.join(', ')}.`,
    })
  }
}

function summary({ name, tools, sources, expires }: Token): string {
  const end = expires.toISOString().slice(0, 10)
  return `It lets ${name} use ${toWords(tools, 'tools')} on ${toWords(sources, 'sources')} until ${end}.`
}

const toWords = (allowed: Allowed, kind: string): string =>
  allowed === 'all'
    ? `all ${kind}`
    : `the ${allowed.length === 1 ? kind.slice(0, -1) : kind} ${allowed.join(', ')}`
