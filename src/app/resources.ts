import { AppError } from '../base/error.ts'
import { lazily } from '../base/lazily.ts'
import { choices } from '../base/nearest.ts'
import type { ResourceChange } from '../base/resource-changes.ts'
import type { Config } from '../config/config.ts'
import type { AnswersOptions, FilesOptions, RowsOptions } from '../resources/options.ts'
import type { DeclaredResources } from '../resources/provider.ts'
import type { DeclaredSource, DeclaredSources } from '../tools/served-source.ts'
import type { Tool } from '../tools/tool.ts'
import type { Declared } from '../tools/tools.ts'

/** What there is besides tools: of each source what is told of it, and what the config names. */
export const declareResources = (
  { resources }: Config,
  { sources, tools }: Declared,
): readonly DeclaredResources[] => [
  ...[...sources.values()].map(ofSource),
  ...resources.map((options) => {
    if (options.kind === 'answers') return ofTool(options, toolNamed(options, tools))
    return options.kind === 'files' ? ofFiles(options) : ofRows(options, sources)
  }),
]

const ofSource = (source: DeclaredSource): DeclaredResources => ({
  name: source.name,
  countsFor: 'get_schema',
  source: source.name,
  mayChange: false,
  open: lazily(async () => {
    const { SourceProvider } = await import('../resources/source-provider.ts')
    return new SourceProvider(source)
  }),
})

const ofFiles = (options: FilesOptions): DeclaredResources => ({
  name: options.name,
  countsFor: 'read_resource',
  source: options.source,
  mayChange: true,
  open: lazily(async () => {
    const { FilesProvider } = await import('../resources/files-provider.ts')
    return new FilesProvider(options)
  }),
})

const ofRows = (options: RowsOptions, sources: DeclaredSources): DeclaredResources => ({
  name: options.name,
  countsFor: 'read_resource',
  source: options.source,
  mayChange: false,
  open: lazily(async () => {
    const { RowsProvider } = await import('../resources/rows-provider.ts')
    return new RowsProvider(options, sources)
  }),
})

const ofTool = (options: AnswersOptions, tool: Tool): DeclaredResources => ({
  name: options.name,
  countsFor: tool.name,
  source: tool.source,
  mayChange: false,
  open: lazily(async () => {
    const { AnswerProvider } = await import('../resources/answer-provider.ts')
    return new AnswerProvider(options, tool)
  }),
})

/** Reading changes nothing: a tool that does is no resource. */
function toolNamed({ name, tool: wanted }: AnswersOptions, tools: readonly Tool[]): Tool {
  const reading = tools.filter(({ annotations }) => annotations.readOnlyHint)
  const found = reading.find((tool) => tool.name === wanted)
  if (found !== undefined) return found
  const names = reading.map((tool) => tool.name)
  throw new AppError(
    'config_invalid',
    `resources.${name}.tool: there is no tool ${wanted} of this config that only reads.`,
    { hint: names.length === 0 ? 'The config has none.' : choices(wanted, 'Tools', names) },
  )
}

/** Tells of changes to resources, until what it gives is called. */
export function watchResources(
  declared: readonly DeclaredResources[],
  tell: (change: ResourceChange) => void,
): () => void {
  const stops = declared
    .filter(({ mayChange }) => mayChange)
    .map((one) => one.open().then((provider) => provider.watch?.(tell)))
  return () => {
    for (const stopping of stops) stopping.then((stop) => stop?.(), ignore)
  }
}

const ignore = (): void => undefined
