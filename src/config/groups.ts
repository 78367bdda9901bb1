/** The `groups` section: parts of all there is, so that an agent gets only what it needs. */
import { z } from 'zod'
import type { Grant } from '../base/actor.ts'
import { eachKey, regardless } from './checks.ts'
import { grant } from './grant.ts'

/** It stands in a URL. */
const groupNamePattern = /^[a-z][a-z0-9_-]{0,62}$/

export const groupsSchema = z
  .record(z.string(), z.strictObject({ tools: grant.tools, sources: grant.sources.optional() }))
  .superRefine(
    eachKey(
      groupNamePattern,
      'a group is named with up to 63 small letters, digits, _ and -, a letter first.',
    ),
    regardless,
  )

export const toGroups = (written: z.output<typeof groupsSchema> = {}): ReadonlyMap<string, Grant> =>
  new Map(
    Object.entries(written).map(([name, { tools, sources = 'all' }]) => [name, { tools, sources }]),
  )
