/** A tool as the config has it. */
import { z } from 'zod'
import { eachKey, regardless, text } from './checks.ts'
import { count, duration } from './quantity.ts'
import { examplesSchema } from './tool-examples.ts'

/** As `:name` in a statement. */
const parameterNamePattern = /^[a-z_][a-z0-9_]{0,62}$/i

const parameterSchema = z
  .looseObject({
    optional: z
      .boolean()
      .meta({ description: 'It may be left out: then it is its default, or NULL.' })
      .optional(),
    claim: text(100)
      .meta({
        description:
          'The claim of the caller that gives the value; a model neither gives nor sees it.',
        examples: ['tenant'],
      })
      .optional(),
    in: z
      .enum(['query', 'header', 'body'])
      .meta({
        description:
          'Where an API takes it, if not in the path: in the query, with POST, PUT and PATCH in the body, where nothing is said.',
      })
      .optional(),
    as: text(200)
      .meta({ description: 'What an API calls it, if otherwise.', examples: ['customer-id'] })
      .optional(),
  })
  .meta({
    description: 'JSON Schema of the value (2020-12), such as `type`, `enum`, `minimum`, `format`.',
    examples: [{ type: 'integer', minimum: 1 }],
  })

export const toolSchema = z.strictObject({
  title: text(100).meta({ description: 'A name for people.' }).optional(),
  description: text(2000).meta({
    description: 'What it answers and when to use it, told to the model.',
    examples: ['Orders of one customer between two dates, newest first.'],
  }),
  source: text(100).meta({ description: 'The source that it asks.', examples: ['shop'] }),
  parameters: z
    .record(z.string(), parameterSchema)
    .superRefine(
      eachKey(
        parameterNamePattern,
        'a parameter is named with letters, digits and _, no digit first.',
      ),
      regardless,
    )
    .meta({
      description: 'What a model gives, by name; `:name` in the statement.',
      propertyNames: { pattern: parameterNamePattern.source },
      examples: [{ customer_id: { type: 'integer' } }],
    })
    .optional(),
  effect: z
    .enum(['read', 'write'])
    .meta({
      description:
        'What it does: `write` changes something in a source that is `writable`, and a person confirms each call.',
      default: 'read',
    })
    .optional(),
  affected: count([1, 10_000])
    .meta({
      description: 'Rows that one call may change; where it would be more, none does.',
      default: 1,
    })
    .optional(),
  whole_table: z
    .boolean()
    .meta({ description: 'Its UPDATE or DELETE may do without WHERE.', default: false })
    .optional(),
  sql: text(20_000)
    .meta({
      description:
        'One statement that reads, or with `effect: write` one INSERT, UPDATE or DELETE; values are bound as `:name`.',
      examples: ['select id, status from orders where customer_id = :customer_id'],
    })
    .optional(),
  request: text(2000)
    .meta({
      description: 'Of an API: method and path below its URL; `{name}` stands for a parameter.',
      examples: ['GET /invoices/{id}'],
    })
    .optional(),
  operation: text(500)
    .meta({
      description: "Of an API: an operation of its source's `openapi`, instead of `request`.",
      examples: ['getInvoice'],
    })
    .optional(),
  select: text(5000)
    .meta({
      description: "JMESPath: what of an API's response the answer holds.",
      examples: ['{id: id, total: total_cents, lines: lines[].text}'],
    })
    .optional(),
  cache: duration([0, 86_400_000], '0s to 24h, such as 5m')
    .meta({
      description:
        'How long an answer is given again to the same arguments; never where it is left out.',
    })
    .optional(),
  columns: z
    .record(z.string(), text(500))
    .meta({
      description: 'What columns of the answer mean, told to the model.',
      examples: [{ total_cents: 'Total with tax, in cents' }],
    })
    .optional(),
  rows: count([1, 500])
    .meta({ description: 'The most rows of an answer; the limit of the source holds as well.' })
    .optional(),
  examples: examplesSchema.optional(),
})

export type WrittenTool = z.output<typeof toolSchema>
export type WrittenParameter = NonNullable<WrittenTool['parameters']>[string]
