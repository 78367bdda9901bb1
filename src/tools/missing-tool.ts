import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'
import { shorten } from '../base/shorten.ts'
import { readOnly, type Tool } from './tool.ts'

/**
 * What stands for a tool that is not there, or not for this actor: calling it is refused, behind the
 * same gates as any call, so that trying names is limited and on record.
 */
export function missingTool(asked: string, names: readonly string[]): Tool {
  const name = shorten(asked, 100)
  return {
    name,
    isMissing: true,
    title: name,
    description: '',
    inputSchema: { type: 'object' },
    annotations: readOnly,
    subject: () => ({}),
    run: () => Promise.reject(unknownTool(name, names)),
  }
}

const unknownTool = (name: string, names: readonly string[]): AppError =>
  new AppError('unknown_tool', `There is no tool ${name}.`, {
    hint: choices(name, 'Tools', names),
  })
