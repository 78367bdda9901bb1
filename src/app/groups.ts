import type { Grant } from '../base/actor.ts'
import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'
import { type Declared, rightsOf } from '../tools/tools.ts'

export type Groups = ReadonlyMap<string, Grant>

/** A tool of a group that is not there would be missed by its agent, and nobody would see why. */
export function checkGroups(groups: Groups, declared: Declared): Groups {
  if (groups.size === 0) return groups
  const known = rightsOf(declared)
  for (const [group, { tools }] of groups) {
    const unknown = tools === 'all' ? undefined : tools.find((name) => !known.includes(name))
    if (unknown === undefined) continue
    throw new AppError('config_invalid', `groups.${group}.tools: there is no tool ${unknown}.`, {
      hint: choices(unknown, 'Tools', known),
    })
  }
  return groups
}

/** The group of that name. */
export function groupNamed(groups: Groups, name: string): Grant {
  const found = groups.get(name)
  if (found !== undefined) return found
  throw new AppError('invalid_input', `There is no group ${name}.`, {
    hint:
      groups.size === 0 ? 'The config has no groups.' : choices(name, 'Groups', [...groups.keys()]),
  })
}
