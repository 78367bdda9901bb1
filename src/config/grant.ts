import { z } from 'zod'
import { text } from './checks.ts'

const names = (what: string, example: string) =>
  z
    .union([z.literal('all'), z.array(text(200))], { error: `expected all, or a list of ${what}` })
    .meta({ description: `The ${what} that are open: \`all\`, or a list.`, examples: [[example]] })

/** The keys that say what is open. */
export const grant = { tools: names('tools', 'query_database'), sources: names('sources', 'shop') }
