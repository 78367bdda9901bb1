import type { Grant } from '../base/actor.ts'
import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'

export type Groups = ReadonlyMap<string, Grant>

/** The group of that name. */
export function groupNamed(groups: Groups, name: string): Grant {
  const found = groups.get(name)
  if (found !== undefined) return found
  throw new AppError('invalid_input', `There is no group ${name}.`, {
    hint:
      groups.size === 0 ? 'The config has no groups.' : choices(name, 'Groups', [...groups.keys()]),
  })
}
