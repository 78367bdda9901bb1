import { isObject } from '../../base/is-object.ts'
import { type OpenApiDocument, OpenApiFlaw, type Path } from './document.ts'

/** Part of a document, and where it stands. */
export interface Part {
  readonly value: Readonly<Record<string, unknown>>
  readonly path: Path
}

/** A reference may lead to another one, so often. */
const mostHops = 32

/**
 * What stands there, or where its `$ref` leads. Nothing is read but the document itself.
 *
 * @throws OpenApiFlaw for a reference that leads out of it, or nowhere, or back to itself
 */
export function deref({ root }: OpenApiDocument, value: unknown, path: Path): Part {
  let part = { value, path }
  for (let hops = 0; hops < mostHops; hops++) {
    const here: unknown = part.value
    if (!isObject(here)) throw new OpenApiFlaw(part.path, 'expected an object.')
    const { $ref: reference } = here
    if (typeof reference !== 'string') return { value: here, path: part.path }
    part = follow(root, reference, [...part.path, '$ref'])
  }
  throw new OpenApiFlaw(path, 'its references lead in a circle.')
}

function follow(root: unknown, reference: string, from: Path): { value: unknown; path: Path } {
  if (!reference.startsWith('#'))
    throw new OpenApiFlaw(
      from,
      'this refers to another document. Only references within the file (#/…) are followed: bundle it into one.',
    )
  const path = toPath(reference)
  let value = root
  for (const step of path) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    if (!isThere) throw new OpenApiFlaw(from, `there is no ${reference} in the document.`)
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return { value, path }
}

/** RFC 6901 §6. */
const toPath = (reference: string): string[] =>
  reference
    .split('/')
    .slice(1)
    .map((step) => decoded(step).replaceAll('~1', '/').replaceAll('~0', '~'))

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}
