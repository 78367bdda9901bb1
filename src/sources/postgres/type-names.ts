/** A row of the system catalogs, as text. */
export type Row = readonly (string | null)[]

/** How people write what the system catalogs spell out. */
const shortForms: readonly (readonly [RegExp, string])[] = [
  [/^character varying/, 'varchar'],
  [/^character(?=\(|\[|$)/, 'char'],
  [/^bit varying/, 'varbit'],
  [/^(timestamp|time)(\(\d\))? without time zone/, '$1$2'],
  [/^timestamp(\(\d\))? with time zone/, 'timestamptz$1'],
  [/^time(\(\d\))? with time zone/, 'timetz$1'],
]

export function toShortType(name: string): string {
  const [pattern, short] = shortForms.find(([form]) => form.test(name)) ?? []
  return pattern === undefined || short === undefined ? name : name.replace(pattern, short)
}

/** Numbers of types whose modifier is worth telling (pg_type.dat). */
const numeric = 1700
const withLength: ReadonlySet<number> = new Set([1042, 1043])
/** A modifier counts the four bytes before a value too. */
const header = 4

/** Names of types by their number. */
export class TypeNames {
  readonly #names: ReadonlyMap<number, string>

  constructor(names: ReadonlyMap<number, string> = new Map()) {
    this.#names = names
  }

  /** `modifier`: a length or a precision, as the wire tells it; -1 for none. */
  nameOf(type: number, modifier = -1): string {
    const name = this.#names.get(type) ?? `oid ${type}`
    if (modifier < header) return name
    if (withLength.has(type)) return `${name}(${modifier - header})`
    if (type !== numeric) return name
    const scale = (((modifier - header) & 0x7ff) ^ 1024) - 1024
    return `${name}(${(modifier - header) >> 16},${scale})`
  }
}

export const toTypeNames = (rows: readonly Row[]): TypeNames =>
  new TypeNames(new Map(rows.map(([oid, name]) => [Number(oid), toShortType(name ?? '')])))
