/** The strings of a list of String nodes; other nodes, such as a star or a subscript, are passed over. */
export const stringsIn = (list: unknown): string[] =>
  ((list ?? []) as readonly { readonly String?: { readonly sval: string } }[]).flatMap(
    ({ String: text }) => text?.sval ?? [],
  )

/** Of a text, also where it is cast and stays the same, as in `'orders'::regclass`. */
export function textIn(value: unknown): string | undefined {
  const { A_Const: constant, TypeCast: cast } = (value ?? {}) as {
    A_Const?: { sval?: { sval?: string } }
    TypeCast?: { arg: unknown; typeName: { names: unknown; typmods?: unknown } }
  }
  if (cast === undefined) return constant?.sval?.sval
  const { names, typmods } = cast.typeName
  const keeps = /^(text|regclass)$/.test(stringsIn(names).at(-1) ?? '') && typmods === undefined
  return keeps ? textIn(cast.arg) : undefined
}
