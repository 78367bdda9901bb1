import { getSchema } from './get-schema.ts'
import { jobTools } from './job-tools.ts'
import { queryDatabase } from './query-database.ts'
import type { DeclaredSources } from './served-source.ts'
import type { Tool } from './tool.ts'

/** The tools every server has, whatever its sources. */
export const createTools = (sources: DeclaredSources): readonly Tool[] => [
  queryDatabase(sources),
  getSchema(sources),
  ...jobTools(sources),
]
