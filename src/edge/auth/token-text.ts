/** What a file of tokens says: read strictly, and changed without losing what a person wrote in it. */
import { type Document, isSeq, parseDocument, type YAMLSeq } from 'yaml'
import { z } from 'zod'
import { AppError } from '../../base/error.ts'
import { dayMs, mostLifetimeDays, type Token, tokenNamePattern } from './token.ts'

const date = z
  .union([z.iso.datetime(), z.iso.date()], { error: 'expected a date, such as 2026-12-31' })
  .transform((text) => new Date(text))

const allowed = z.union([z.literal('all'), z.array(z.string().min(1))], {
  error: 'expected all or a list of names',
})

const tokenSchema = z
  .strictObject({
    name: z.string().regex(tokenNamePattern, 'expected letters, digits, _ . @ -'),
    hash: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
    tools: allowed,
    sources: allowed,
    claims: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
    created: date,
    expires: date,
  })
  .refine(({ created, expires }) => +expires - +created <= mostLifetimeDays * dayMs, {
    path: ['expires'],
    error: 'expected at most a year after created',
  })

const fileSchema = z
  .array(tokenSchema)
  .refine((tokens) => isUnique(tokens.map(({ name }) => name)), 'two tokens have the same name')
  .refine((tokens) => isUnique(tokens.map(({ hash }) => hash)), 'two tokens have the same hash')

const isUnique = (texts: readonly string[]): boolean => new Set(texts).size === texts.length

/**
 * The tokens of a file. One mistake closes all of it: what was meant to be taken away may be where
 * the mistake is.
 *
 * @throws AppError `config_invalid` whose message names no path
 */
export function parseTokens(text: string): readonly Token[] {
  return readTokens(parse(text))
}

/** The text with one token more. */
export function withToken(text: string, token: Token): string {
  const document = parse(text)
  if (readTokens(document).some(({ name }) => name === token.name)) throw taken(token.name)
  const { name, hash, tools, sources, claims, created, expires } = token
  const entry = {
    name,
    hash,
    tools,
    sources,
    ...(Object.keys(claims).length === 0 ? {} : { claims }),
    created: created.toISOString(),
    expires: expires.toISOString(),
  }
  const list = listOf(document)
  list.flow = false
  list.add(document.createNode(entry))
  return document.toString()
}

/** The text without the token of that name; undefined where it has none. */
export function withoutToken(text: string, name: string): string | undefined {
  const document = parse(text)
  const index = readTokens(document).findIndex((token) => token.name === name)
  if (index < 0) return undefined
  listOf(document).delete(index)
  return document.toString()
}

/** As the config is read: YAML 1.2, where a date is a text. */
function parse(text: string): Document.Parsed {
  const document = parseDocument(text, { schema: 'core', prettyErrors: true })
  const [error] = document.errors
  if (error !== undefined) throw broken(error.message.split(/:?\n/)[0] ?? 'it is no YAML')
  return document
}

function readTokens(document: Document.Parsed): readonly Token[] {
  const parsed = fileSchema.safeParse(toValue(document) ?? [])
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = (issue?.path ?? []).map(String).join('.')
  throw broken(`${place === '' ? '' : `${place}: `}${issue?.message ?? 'it is no list of tokens'}`)
}

function toValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown
  } catch {
    throw broken('aliases are not taken here')
  }
}

/** An empty file becomes a list under a line that says what it is. */
function listOf(document: Document): YAMLSeq {
  if (isSeq(document.contents)) return document.contents
  document.commentBefore ??= ' Tokens of Vitrine: see `vitrine token --help`. Only hashes are kept.'
  const list = document.createNode([])
  document.contents = list
  return list
}

const broken = (what: string): AppError =>
  new AppError('config_invalid', `The file of tokens is broken: ${what}.`, {
    hint: 'Mend it, or remove the entry and make a new token: vitrine token create.',
  })

const taken = (name: string): AppError =>
  new AppError('invalid_input', `There is a token named ${name} already.`, {
    hint: `Choose another name, or first: vitrine token revoke ${name}`,
  })
