/** Data made to fit an answer: lists end early, long texts are cut, and what was left out is told. */
import { deepest } from '../base/depth.ts'
import { shorten } from '../base/shorten.ts'

type Cut = 'items' | 'bytes' | 'text' | 'depth'

export interface TrimLimits {
  /** Of the whole, as JSON. */
  readonly answerBytes: number
  /** Of any one list. */
  readonly items: number
  /** Of one text. */
  readonly textBytes: number
}

export interface Trimmed {
  readonly value: unknown
  readonly cuts: readonly Cut[]
  /** The list that was cut first, with what is left of it. */
  readonly list?: { readonly path: string; readonly shown: number; readonly of: number } | undefined
}

/** @param hide is given every text before it is shown */
export function trim(
  value: unknown,
  limits: TrimLimits,
  hide: (text: string) => string = (text) => text,
): Trimmed {
  const trimmer = new Trimmer(limits, hide)
  const trimmed = trimmer.trim(value, '', 0)
  return { value: trimmed, cuts: [...trimmer.cuts], list: trimmer.list }
}

class Trimmer {
  readonly cuts = new Set<Cut>()
  list: Trimmed['list']
  readonly #limits: TrimLimits
  readonly #hide: (text: string) => string
  #left: number

  constructor(limits: TrimLimits, hide: (text: string) => string) {
    this.#limits = limits
    this.#hide = hide
    this.#left = limits.answerBytes
  }

  trim(value: unknown, path: string, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null) return this.#spend(toScalar(value))
    if (depth > deepest) {
      this.cuts.add('depth')
      return this.#spend(null)
    }
    return Array.isArray(value)
      ? this.#items(value, path, depth)
      : this.#entries(value, path, depth)
  }

  #spend<T>(value: T): T {
    this.#left -= Buffer.byteLength(JSON.stringify(value)) + 1
    return value
  }

  /** As a long value of a database is: with its full length. */
  #text(written: string): unknown {
    const text = this.#hide(written)
    const bytes = Buffer.byteLength(text)
    if (bytes <= this.#limits.textBytes) return this.#spend(text)
    this.cuts.add('text')
    const cut = Buffer.from(text).subarray(0, this.#limits.textBytes).toString('utf8')
    return this.#spend({ text: cut.replace(/\uFFFD{1,3}$/, ''), bytes })
  }

  #items(items: readonly unknown[], path: string, depth: number): unknown[] {
    const shown: unknown[] = []
    this.#left -= 2
    for (const item of items) {
      const isFull = shown.length > 0 && !fits(item, this.#left)
      if (isFull || shown.length >= this.#limits.items) {
        this.cuts.add(isFull ? 'bytes' : 'items')
        this.list ??= { path: path || 'data', shown: shown.length, of: items.length }
        break
      }
      shown.push(this.trim(item, `${path || 'data'}[]`, depth + 1))
    }
    return shown
  }

  #entries(value: object, path: string, depth: number): object {
    const shown: [string, unknown][] = []
    this.#left -= 2
    for (const [written, inner] of Object.entries(value)) {
      if (this.#left <= 0) {
        this.cuts.add('bytes')
        break
      }
      const key = this.#hide(written)
      const isScalar = typeof inner !== 'object' || inner === null
      if (!fits(key, this.#left) || (isScalar && !fits(inner, this.#room(inner)))) {
        this.cuts.add('bytes')
        continue
      }
      this.#spend(key)
      const place = `${path || 'data'}.${shorten(key, 60)}`
      shown.push([key, this.trim(inner, place, depth + 1)])
    }
    return Object.fromEntries(shown)
  }

  /** A text that will be cut needs no more room than what is left of it. */
  #room(value: unknown): number {
    const isCut = typeof value === 'string' && value.length > this.#limits.textBytes
    return isCut && this.#left > this.#limits.textBytes ? Number.POSITIVE_INFINITY : this.#left
  }
}

/** What JSON has no word for is null. */
const toScalar = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? value : null

/** True where the value takes no more than so many bytes as JSON; looks no further than that. */
const fits = (value: unknown, most: number): boolean => most - sizeOf(value, most, 0) >= 0

function sizeOf(value: unknown, most: number, depth: number): number {
  if (typeof value === 'string') return value.length > most ? value.length : jsonBytes(value)
  if (typeof value !== 'object' || value === null) return jsonBytes(toScalar(value))
  if (depth > deepest) return 5
  let size = 2
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      size += sizeOf(item, most - size, depth + 1) + 1
      if (size > most) break
    }
    return size
  }
  // Own keys alone: data out of JSON inherits none that are listed. Nothing is copied beyond the limit.
  for (const key in value) {
    size += jsonBytes(key) + 1
    size += sizeOf((value as Readonly<Record<string, unknown>>)[key], most - size, depth + 1) + 1
    if (size > most) break
  }
  return size
}

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
