import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'
import type { Config } from '../config/config.ts'
import { type Declared, rightsOf } from '../tools/tools.ts'

/** A limit of a tool that is not there would limit nothing, and nobody would see it. */
export function checkLimits({ limits }: Config, declared: Declared): void {
  const named = Object.keys(limits?.perTool ?? {})
  const known = named.length === 0 ? [] : rightsOf(declared)
  const unknown = named.find((name) => !known.includes(name))
  if (unknown !== undefined) throw noSuchTool(unknown, known)
}

const noSuchTool = (name: string, known: readonly string[]): AppError =>
  new AppError('config_invalid', `limits.per_tool: there is no tool ${name}.`, {
    hint: choices(name, 'Tools', known),
  })
