import * as z from 'zod'
import type { ServerSpec, StatedFacts } from '../agent/index.ts'
import { AppError } from '../base/error.ts'
import { choices } from '../base/nearest.ts'
import { readStated } from './read-stated.ts'

const factsSchema = z.strictObject({
  read_only: z.boolean().optional(),
  destructive: z.boolean().optional(),
  egress: z.boolean().optional(),
  untrusted: z.boolean().optional(),
  sensitive: z.boolean().optional(),
  denied: z.boolean().optional(),
})

const fileSchema = z.record(
  z.string(),
  factsSchema.extend({
    trusted: z.boolean().optional(),
    tools: z.record(z.string(), factsSchema).optional(),
  }),
)

type Facts = Readonly<z.infer<typeof fileSchema>>

/** What a person states of servers and tools. */
export const readFacts = (path: string | undefined): Promise<Facts> =>
  readStated({ path, schema: fileSchema, what: 'facts', hint: 'docs/agent.md has an example.' })

/** @throws AppError `config_invalid` for facts about a server that there is not: they would protect nothing */
export function withFacts(servers: readonly ServerSpec[], facts: Facts): readonly ServerSpec[] {
  const names = servers.map(({ name }) => name)
  const stray = Object.keys(facts).find((name) => !names.includes(name))
  if (stray !== undefined) {
    throw new AppError('config_invalid', `There are facts about ${stray}, and no such server.`, {
      hint: choices(stray, 'Servers', names),
    })
  }
  return servers.map((server) => {
    const stated = facts[server.name]
    if (stated === undefined) return server
    const { trusted, tools = {}, ...own } = stated
    const byTool = Object.entries(tools).map(([name, one]) => [name, toFacts(one)] as const)
    return {
      ...server,
      trusted: trusted ?? server.trusted,
      facts: toFacts(own),
      tools: Object.fromEntries(byTool),
    }
  })
}

const toFacts = ({ read_only, ...rest }: z.infer<typeof factsSchema>): StatedFacts => ({
  readOnly: read_only,
  ...rest,
})
