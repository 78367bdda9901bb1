import type { z } from 'zod'
import type { Actor } from '../base/actor.ts'
import { AppError } from '../base/error.ts'

export interface CallContext {
  /** The client's cancel, a closed stream, a shutdown. */
  readonly signal: AbortSignal
  /** Nobody is known where it is left out: then nothing that depends on who asks is allowed. */
  readonly actor?: Actor | undefined
}

/** What a client is told of a tool's effects (MCP: ToolAnnotations). */
export interface Annotations {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/** The whole of what a call gives back, as a JSON object. */
export type Answer = Readonly<Record<string, unknown>>

/** Something a model can do. `run` throws AppErrors only. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: z.ZodObject
  readonly annotations: Annotations
  run(input: unknown, context: CallContext): Promise<Answer>
}

export const readOnly: Annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}

/**
 * A tool whose arguments are checked before it runs, so that `run` sees only what `input` describes.
 */
export function defineTool<Input extends z.ZodObject>(
  tool: Omit<Tool, 'input' | 'run'> & {
    readonly input: Input
    run(input: z.output<Input>, context: CallContext): Promise<Answer>
  },
): Tool {
  return {
    ...tool,
    async run(input, context) {
      const parsed = tool.input.safeParse(input ?? {})
      if (!parsed.success) throw invalidInput(tool, parsed.error)
      return tool.run(parsed.data, context)
    },
  }
}

function invalidInput(
  { name, input }: Pick<Tool, 'name' | 'input'>,
  { issues }: z.ZodError,
): AppError {
  const mistakes = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  return new AppError('invalid_input', `Wrong arguments for ${name}: ${mistakes.join('; ')}.`, {
    hint: `Its arguments are ${Object.keys(input.shape).join(', ')}.`,
  })
}
