import { isObject } from '../../base/is-object.ts'

/** A part of a syntax tree as json_serialize_sql() writes it: data from outside, so nothing is taken for granted. */
export type Node = Readonly<Record<string, unknown>>

export const isNode: (value: unknown) => value is Node = isObject

/** A text of the node, or nothing: an absent name is an empty one. */
export function textOf(node: Node, key: string): string {
  const value = node[key]
  return typeof value === 'string' ? value : ''
}

export const nodesOf = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter(isNode) : []

/** Expressions have a class, all else a type, and plain groups of parts neither. */
export function kindOf(node: Node): string {
  if (typeof node['class'] === 'string') return node['class']
  return typeof node['type'] === 'string' ? node['type'] : 'PARTS'
}
