import { z } from 'zod'
import type { DeclaredSources } from './served-source.ts'

/** The arguments as they are listed: with `source` where there are several to choose from. */
export function withListedSource(input: z.ZodObject, sources: DeclaredSources): z.ZodObject {
  if (sources.size < 2) return input
  const about = [...sources].map(([name, { description }]) =>
    description === undefined ? name : `${name}: ${description}`,
  )
  const source = z.enum([...sources.keys()]).describe(`Which database. ${about.join('; ')}`)
  return input.extend({ source })
}

/** The arguments as they are checked: a source that was named although there is one is not refused. */
export const withSource = (input: z.ZodObject): z.ZodObject =>
  input.extend({ source: z.string().min(1).optional() })
