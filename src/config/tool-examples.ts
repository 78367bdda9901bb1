/** `examples` of tools: calls that are worth trying, for the documentation; no model is told of them. */
import { z } from 'zod'
import { type Check, loadJsonSchemas } from '../base/json-schema.ts'
import { didYouMean } from '../base/nearest.ts'
import type { DeclaredParameters } from '../tools/parameters.ts'
import { text } from './checks.ts'
import type { ToolExample } from './config.ts'
import type { ConfigDocument } from './document.ts'
import type { Flaw, Path } from './flaw.ts'

const mostExamples = 10

export const examplesSchema = z
  .array(
    z.strictObject({
      title: text(100).meta({ description: 'What the example shows.' }).optional(),
      arguments: z
        .record(z.string(), z.unknown())
        .meta({ description: 'What a model would give, by name.' }),
    }),
  )
  .max(mostExamples, `expected at most ${mostExamples} examples`)
  .meta({
    description: 'Calls that are worth trying, which `vitrine docs` makes and shows.',
    examples: [[{ arguments: { customer_id: 7 } }]],
  })

/** What examples are checked against. */
interface ExampledTool {
  readonly name: string
  readonly parameters: DeclaredParameters
  readonly examples?: readonly ToolExample[] | undefined
  readonly cacheMs?: number
}

/** Arguments that the tool does not take, or not such ones, and those that are missing. */
export async function findExampleFlaws(
  tools: readonly ExampledTool[],
  document: ConfigDocument,
): Promise<Flaw[]> {
  const exampled = tools.filter(({ examples = [] }) => examples.length > 0)
  if (exampled.length === 0) return []
  const { compile, flawOf } = await loadJsonSchemas()
  return exampled.flatMap((tool) => {
    const checks = new Map<string, Check>()
    for (const [name, { schema, claim }] of Object.entries(tool.parameters)) {
      // A schema that is wrong has been told of, and nothing can be said of its values.
      const isRight = flawOf(schema) === undefined
      if (claim === undefined) checks.set(name, isRight ? compile(schema) : () => undefined)
    }
    if ((tool.cacheMs ?? 0) > 0) checks.set('fresh', compile({ type: 'boolean' }))
    return (tool.examples ?? []).flatMap((example, index) => {
      const path = ['tools', tool.name, 'examples', index, 'arguments']
      return flawsOf(example, { path, tool, checks, document })
    })
  })
}

interface Checking {
  readonly path: Path
  readonly tool: ExampledTool
  /** Of what a model may give. */
  readonly checks: ReadonlyMap<string, Check>
  readonly document: ConfigDocument
}

function flawsOf(
  { arguments: given }: ToolExample,
  { path, tool, checks, document }: Checking,
): Flaw[] {
  const missing = [...checks.keys()].filter(
    (name) => !Object.hasOwn(given, name) && tool.parameters[name]?.isOptional === false,
  )
  const about = document.entryAt(path)
  const flaws: Flaw[] = missing.map((name) => ({
    path,
    span: about.key,
    message: `expected the argument ${name}, which ${tool.name} needs.`,
  }))
  for (const [name, value] of Object.entries(given)) {
    const at = [...path, name]
    const check = checks.get(name)
    const mismatch = check?.(value)
    const { key, value: span } = document.entryAt([...at, ...(mismatch?.path ?? [])])
    if (check === undefined)
      flaws.push({ path: at, span: key, message: stranger(name, tool, checks) })
    if (mismatch !== undefined)
      flaws.push({ path: at, span, message: `expected ${mismatch.expected}.` })
  }
  return flaws
}

function stranger(name: string, tool: ExampledTool, checks: ReadonlyMap<string, unknown>): string {
  if (Object.hasOwn(tool.parameters, name))
    return "the caller's claims give this value; an example cannot."
  const hint = didYouMean(name, [...checks.keys()])
  const message = `${tool.name} has no parameter of that name.`
  return hint === undefined ? message : `${message} ${hint}`
}
