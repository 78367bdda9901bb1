import { z } from 'zod'
import type { DeclaredSources } from './served-source.ts'

/** The `source` argument; not listed where there is only one to choose. */
export function sourceArgument(sources: DeclaredSources): { source?: z.ZodType<string> } {
  if (sources.size < 2) return {}
  const about = [...sources].map(([name, { description }]) =>
    description === undefined ? name : `${name}: ${description}`,
  )
  return { source: z.enum([...sources.keys()]).describe(`Which database. ${about.join('; ')}`) }
}
