import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'

/**
 * A limit of a tool that is not there would limit nothing, a group would miss it, and nobody would see why.
 *
 * @param place of the config that names them
 * @param known asked where there are any
 * @throws AppError `config_invalid`
 */
export function checkNamed(
  place: string,
  tools: readonly string[],
  known: () => readonly string[],
): void {
  const unknown = tools.find((name) => !known().includes(name))
  if (unknown === undefined) return
  throw new AppError('config_invalid', `${place}: there is no tool ${unknown}.`, {
    hint: choices(unknown, 'Tools', known()),
  })
}
