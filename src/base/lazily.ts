/** A value that is made when it is asked for first: for what takes long to make and is rarely needed. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
