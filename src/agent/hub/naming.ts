import { hashOf } from '../safety/hash-of.ts'

/** What the Messages API takes as the name of a tool has at most 128 characters; other hosts stop at 64. */
const longestName = 64
/** Of the hash. A server chooses the names of its tools: it must not be able to choose one that ends as another's does. */
const hashLength = 16
const hashed = new RegExp(`_[0-9a-f]{${hashLength}}$`)

export interface Named {
  readonly server: string
  readonly tool: string
}

/**
 * A name for each tool of each server, `server__tool` in the characters that the API takes. Names that
 * would be the same, or too long, or look as if, end in a hash of what they stand for: so a name depends on its tool and
 * its namesakes alone, and is the same in the next run.
 */
export function nameTools<Tool extends Named>(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const wished = new Map<string, number>()
  for (const name of tools.map(plainName)) wished.set(name, (wished.get(name) ?? 0) + 1)
  return new Map(
    tools.map((tool) => {
      const name = plainName(tool)
      const clear = name.length <= longestName && wished.get(name) === 1 && !hashed.test(name)
      return [clear ? name : withHash(name, tool), tool]
    }),
  )
}

const plainName = ({ server, tool }: Named): string => `${toPlain(server)}__${toPlain(tool)}`

const toPlain = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_-]/g, '_')

const withHash = (name: string, { server, tool }: Named): string =>
  `${name.slice(0, longestName - hashLength - 1)}_${hashOf([server, tool]).slice(0, hashLength)}`
