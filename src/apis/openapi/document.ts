/** The text of an OpenAPI document, as data; and where each part of it stands. */
import { isObject } from '../../base/is-object.ts'
import { isNode, LineCounter, parseDocument } from 'yaml'

/** Keys, and positions in lists. */
export type Path = readonly (string | number)[]

/** Something in a document that cannot be served. */
export class OpenApiFlaw extends Error {
  readonly path: Path

  constructor(path: Path, message: string) {
    super(message)
    this.path = path
  }
}

export interface OpenApiDocument {
  readonly root: Readonly<Record<string, unknown>>
  /** `3.0` or `3.1`. */
  readonly version: '3.0' | '3.1'
}

/** An anchor may be used this often, all that it holds counted. */
const mostAliases = 1000

/** @throws OpenApiFlaw for what is no OpenAPI 3.0 or 3.1 */
export function readOpenApi(text: string): OpenApiDocument {
  const root = read(text)
  if (!isObject(root)) throw new OpenApiFlaw([], 'this is no OpenAPI document.')
  const { openapi, swagger } = root
  if (swagger !== undefined)
    throw new OpenApiFlaw(['swagger'], 'this is Swagger 2.0; OpenAPI 3.0 and 3.1 are read.')
  const [, version] = /^(3\.[01])\.\d+/.exec(typeof openapi === 'string' ? openapi : '') ?? []
  if (version === '3.0' || version === '3.1') return { root, version }
  const where = openapi === undefined ? [] : ['openapi']
  throw new OpenApiFlaw(where, 'expected openapi: 3.0.x or 3.1.x.')
}

/** JSON is by far the quicker one to read, and large documents are JSON. */
function read(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      // YAML may begin with a brace as well.
    }
  }
  const { document } = parse(text)
  const [error] = document.errors
  if (error !== undefined) throw new OpenApiFlaw([], 'this is neither YAML nor JSON.')
  try {
    return document.toJS({ maxAliasCount: mostAliases })
  } catch {
    throw new OpenApiFlaw([], 'its anchors stand for too much.')
  }
}

function parse(text: string) {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    schema: 'core',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  })
  return { document, lines }
}

/** Offsets into the text of what stands at a path, or of the nearest part above it. */
export function locate(text: string, path: Path): { lines: LineCounter; span: [number, number] } {
  const { document, lines } = parse(text)
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return { lines, span: [node.range[0], node.range[1]] }
  }
  return { lines, span: [0, 0] }
}
