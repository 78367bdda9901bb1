/** What a source may say that is an HTTP API, and what it may not. */
import { z } from 'zod'
import { isRange } from '../apis/address.ts'
import { claimPattern } from '../apis/claims.ts'
import { headerNamePattern, isConnectionHeader } from '../apis/headers.ts'
import { type ApiLimits, defaultApiLimits } from '../apis/options.ts'
import { type Context, eachKey, keyIssue, regardless, text } from './checks.ts'
import type { limitsSchema } from './limits.ts'
import { wrongUrl } from './wrong-url.ts'

export const isApiUrl = (url: unknown): boolean =>
  typeof url === 'string' && /^\s*https?:/i.test(url)

const originPattern = /^https:\/\/[^\s/?#@]+$/

/** Keys of a source that are an API's alone. */
export const apiKeys = {
  headers: z
    .record(z.string(), text(8000))
    .superRefine(eachKey(headerNamePattern, 'this is no name of a header.'), regardless)
    .superRefine(holdsHeaders, regardless)
    .meta({
      description:
        'Headers of every request to an API, such as its credentials; `{claim:sub}` stands for that claim of the caller.',
      examples: [{ Authorization: 'Bearer ${BILLING_TOKEN}' }],
    })
    .optional(),
  query: z
    .record(z.string(), text(2000))
    .meta({
      description: 'Put into the query of every request to an API, such as a key.',
      examples: [{ api_key: '${BILLING_KEY}' }],
    })
    .optional(),
  openapi: text(4096)
    .meta({
      description: 'The OpenAPI 3.0 or 3.1 document of an API, relative to this file.',
      examples: ['./billing.yaml'],
    })
    .optional(),
  operations: z
    .array(text(500))
    .min(1, 'expected at least one operation')
    .meta({
      description:
        'Operations of that document that become tools, by `operationId` or as `GET /invoices`.',
      examples: [['listInvoices', 'getInvoice']],
    })
    .optional(),
  hosts: z
    .array(z.string().regex(originPattern, 'expected an origin such as https://files.example'))
    .min(1, 'expected at least one origin')
    .meta({
      description:
        'Where redirects of an API may lead besides itself; none of its headers go there.',
      examples: [['https://files.billing.example']],
    })
    .optional(),
  private_addresses: z
    .union(
      [
        z.literal(true),
        z
          .array(z.string().refine(isRange, 'expected an address, or a range such as 10.1.0.0/16'))
          .min(1, 'expected at least one address'),
      ],
      { error: 'expected true, or a list of addresses and ranges' },
    )
    .meta({
      description:
        'Lets an API be on this machine or in a private network (`true`), or at these addresses; only public ones are connected to otherwise.',
      examples: [true, ['10.1.0.0/16']],
    })
    .optional(),
}

const databaseKeys = ['tables', 'columns', 'identity', 'cache']
const databaseLimits = ['memory', 'job_timeout', 'concurrent_jobs', 'cost']
const apiLimits = ['response']

/** A key that means nothing for a source of this kind would be believed to do something. */
export function suitsItsKind(source: unknown, context: Context): void {
  const { url, limits, ...keys } = Object(source) as Record<string, unknown>
  // What a variable stands for that is not set, nobody knows.
  if (typeof url !== 'string' || url.includes('${')) return
  const isApi = isApiUrl(url)
  const strangers = isApi ? databaseKeys : Object.keys(apiKeys)
  const message = isApi
    ? 'this is for databases. What is open of an API is said by `operations`, and by `tools`.'
    : 'this is for APIs, whose URL begins with https:, and this source is a database.'
  for (const key of strangers.filter((one) => keys[one] !== undefined))
    keyIssue(context, [key], message)
  const { writable } = keys
  if (writable !== undefined && (writable === true) !== isApi)
    keyIssue(context, ['writable'], writableOf[isApi ? 'api' : 'database'])
  const inLimits = Object.keys(Object(limits) as object)
  for (const key of inLimits.filter((one) => (isApi ? databaseLimits : apiLimits).includes(one)))
    keyIssue(context, ['limits', key], `this limit is for ${isApi ? 'databases' : 'APIs'}.`)
  if (isApi) checkApi({ url, ...keys }, context)
}

const writableOf = {
  api: 'of an API this is `true`: the same URL and headers are used.',
  database: 'of a database this is { url: … }, of another role than the one that reads.',
} as const

function checkApi(keys: Record<string, unknown>, context: Context): void {
  if (keys['openapi'] === undefined && keys['operations'] !== undefined)
    keyIssue(context, ['operations'], 'this names operations of a document: `openapi` says which.')
  if (/^\s*http:/i.test(String(keys['url'])) && keys['private_addresses'] === undefined)
    context.addIssue({
      code: 'custom',
      path: ['url'],
      message:
        'expected https: without it, whoever is on the way reads along. Within a network of your own http: goes with `private_addresses`',
    })
}

function holdsHeaders(headers: unknown, context: Context): void {
  for (const [name, value] of Object.entries(Object(headers) as Record<string, unknown>)) {
    if (isConnectionHeader(name))
      keyIssue(context, [name], 'this header is set by the connection itself.')
    if (typeof value !== 'string') continue
    const rest = value.replaceAll(claimPattern, 'x')
    if (!/^[\x20-\x7e]*$/.test(rest))
      context.addIssue({ code: 'custom', path: [name], message: 'expected printable ASCII' })
    else if (/\{claim/i.test(rest))
      context.addIssue({ code: 'custom', path: [name], message: 'expected a claim as {claim:sub}' })
  }
}

/**
 * The URL that requests begin with, without a slash at its end.
 *
 * @throws AppError `config_invalid` that holds nothing of it: there may be a password in it
 */
export function normalizeApiUrl(written: string): string {
  const url = URL.canParse(written.trim()) ? new URL(written.trim()) : undefined
  if (url === undefined) throw wrong('it cannot be read')
  if (url.username !== '' || url.password !== '')
    throw wrong('credentials belong in `headers`: Authorization, with Basic or Bearer')
  if (url.search !== '') throw wrong('what every query holds belongs in `query`')
  if (url.hash !== '') throw wrong('a fragment is never sent')
  if (/%2e|%2f|%5c/i.test(written)) throw wrong('its path has dots or slashes as escapes')
  return url.origin + url.pathname.replace(/\/+$/, '')
}

const wrong = (reason: string) =>
  wrongUrl(reason, 'Write the URL of the API, such as https://billing.example/api/v2.')

type WrittenLimits = z.output<typeof limitsSchema>

export const toApiLimits = (written: WrittenLimits = {}): ApiLimits => ({
  timeoutMs: written.timeout ?? defaultApiLimits.timeoutMs,
  responseBytes: written.response ?? defaultApiLimits.responseBytes,
  answerBytes: written.answer ?? defaultApiLimits.answerBytes,
  items: written.rows ?? defaultApiLimits.items,
  textBytes: written.cell ?? defaultApiLimits.textBytes,
  concurrency: written.concurrent ?? defaultApiLimits.concurrency,
})
