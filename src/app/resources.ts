import { lazily } from '../base/lazily.ts'
import { ResourceChanges } from '../base/resource-changes.ts'
import type { Config } from '../config/config.ts'
import type { ResourceOptions } from '../resources/options.ts'
import type { DeclaredResources } from '../resources/provider.ts'
import type { DeclaredSource, DeclaredSources } from '../tools/served-source.ts'

/** What there is besides tools: of each source what is told of it, and what the config names. */
export const declareResources = (
  { resources }: Config,
  sources: DeclaredSources,
): readonly DeclaredResources[] => [
  ...[...sources.values()].map(ofSource),
  ...resources.map((options) => declare(options, sources)),
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

const declare = (options: ResourceOptions, sources: DeclaredSources): DeclaredResources => ({
  name: options.name,
  countsFor: 'read_resource',
  source: options.source,
  mayChange: options.kind === 'files',
  open: lazily(async () => {
    if (options.kind === 'files') {
      const { FilesProvider } = await import('../resources/files-provider.ts')
      return new FilesProvider(options)
    }
    const { RowsProvider } = await import('../resources/rows-provider.ts')
    return new RowsProvider(options, sources)
  }),
})

/** Tells of changes to resources. They are watched while somebody listens. */
export const watchResources = (declared: readonly DeclaredResources[]): ResourceChanges =>
  new ResourceChanges((tell) => {
    const stops = declared
      .filter(({ mayChange }) => mayChange)
      .map((one) => one.open().then((provider) => provider.watch?.(tell)))
    return () => {
      for (const stopping of stops) stopping.then((stop) => stop?.(), ignore)
    }
  })

const ignore = (): void => undefined
