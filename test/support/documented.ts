import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerDescription, ToolDescription } from '../../dist/docs/description.js'
import { runHere } from './command-here.ts'
import { makeDatabase, scratchFolder } from './scratch.ts'

/** A config with all that pages tell of, over a database of its own. */
export const shopConfig = `name: Shop data
sources:
  shop:
    url: sqlite:./shop.db
    description: Orders and customers
    columns: { customers.email: mask }
    writable: { url: sqlite:./shop.db }
    limits: { rows: 20 }
claims: { country: DE }
http:
  url: https://data.example/mcp
  auth:
    tokens: ./tokens.yaml
    jwt:
      issuer: https://login.example
      audiences: [vitrine]
      scopes: { 'orders:read': { tools: [orders_of], sources: all }, 'elsewhere': { tools: [orders_of], sources: [] } }
    proxy: { from: [127.0.0.1], secret: never-tell-this-secret, tools: [get_schema], sources: all }
limits: { per_actor: 20/s, per_tool: { orders_of: 5/m }, daily_rows: 100000 }
groups: { sales: { tools: [orders_of] } }
tools:
  orders_of:
    description: Orders of one customer, newest first, with their totals.
    source: shop
    parameters:
      customer_id: { type: integer, minimum: 1, description: The number of the customer }
      state: { type: string, enum: [paid, "it's"], default: paid }
    sql: select id, total_cents from orders where customer_id = :customer_id and status = :state
    columns: { total_cents: 'With tax, in cents' }
    rows: 7
    examples:
      - { title: A customer with two orders, arguments: { customer_id: 1 } }
      - arguments: { customer_id: 2, state: "it's" }
  mail_of:
    description: The mail address of customers in your country, which is closed.
    source: shop
    parameters: { country: { type: string, claim: country } }
    sql: select name, email from customers where country = :country
    columns: { email: Closed }
    examples: [{ arguments: {} }]
  too_far:
    description: Fails whenever it is asked, for the number is too large.
    source: shop
    columns: { n: Nothing }
    sql: select abs(-9223372036854775808) as n
    examples: [{ arguments: {} }]
  set_state:
    description: Sets the state of one order, when somebody asks for that.
    source: shop
    effect: write
    parameters:
      id: { type: integer, description: The number of the order }
    sql: update orders set status = 'paid' where id = :id
    examples: [{ arguments: { id: 3 } }]
`

/** The folder of it. */
export function makeDocumented(config = shopConfig): string {
  const folder = scratchFolder()
  writeFileSync(join(folder, 'vitrine.yaml'), config)
  makeDatabase(
    `CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, country TEXT, email TEXT);
     CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, status TEXT, total_cents INT);
     INSERT INTO customers VALUES (1, 'Ana <b>', 'DE', 'ana@example.com'), (2, 'Bo', 'FR', 'bo@example.com');
     INSERT INTO orders VALUES (1, 1, 'paid', 4711), (2, 1, 'paid', 815), (3, 2, 'it''s', 100)`,
    join(folder, 'shop.db'),
  )
  return folder
}

interface DocsAnswer {
  readonly folder: string
  readonly files: readonly string[]
  readonly tools: number
  readonly tokens: number
  readonly examples: number
  readonly warnings: readonly { line: number | null; path: unknown[]; message: string }[]
}

export interface DocsOptions {
  readonly target?: string
  readonly out?: string
  readonly flags?: readonly string[]
}

/** Documents what a folder holds, into another one in it. */
export async function runDocs(
  folder: string,
  { target = 'vitrine.yaml', out = 'site', flags = [] }: DocsOptions = {},
) {
  const args = ['docs', join(folder, target), '--out', join(folder, out), ...flags, '--json']
  const { code, stdout, stderr } = await runHere(args)
  return { code, stderr, said: JSON.parse(stdout || '{}') as DocsAnswer }
}

/** A server with one tool, of which each text may be any. */
export function describeAnything(
  text: string,
  tool: Partial<ToolDescription> = {},
): ServerDescription {
  const fact = { name: text, value: text }
  return {
    name: text,
    version: '1.0.0',
    day: '2026-01-31',
    target: text,
    url: text,
    needsToken: true,
    tokens: 1,
    tools: [
      {
        name: 'asked',
        title: text,
        purpose: text,
        inputSchema: {
          type: 'object',
          required: [text],
          properties: {
            [text]: { type: 'string', description: text, enum: [text], default: text },
          },
        },
        annotations: {
          readOnlyHint: false,
          destructiveHint: true,
          idempotentHint: false,
          openWorldHint: true,
        },
        effect: 'writes',
        sources: ['shop'],
        claims: [text],
        columns: { [text]: text },
        limits: [fact],
        callers: [text],
        groups: [text],
        tokens: 1,
        examples: [
          {
            title: text,
            arguments: { [text]: text },
            outcome: { kind: 'answer', answer: { columns: [text], rows: [[text], [null]] } },
          },
          {
            title: undefined,
            arguments: {},
            outcome: { kind: 'answer', answer: { schema: `${text}\n${text}` } },
          },
          { title: text, arguments: {}, outcome: { kind: 'none', why: text } },
        ],
        ...tool,
      },
    ],
    sources: [{ name: 'shop', engine: text, description: text, limits: [fact] }],
    callers: [{ name: text, how: text, tools: ['asked'] }],
    groups: [{ name: text, url: text, tools: [] }],
    limits: [fact],
    resources: [{ name: text, description: text, arguments: [text] }],
    prompts: [{ name: text, description: undefined, arguments: [] }],
  }
}
