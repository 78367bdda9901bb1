/**
 * Checks the example: makes its databases, starts its billing service and a chat, and asks every tool through
 * a real MCP client. `node examples/company/check.js [postgres://…]`; without a PostgreSQL the desk is left out.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { startBilling } from './billing.js'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const main = join(root, 'dist/cli/main.js')
const [deskUrl] = process.argv.slice(2)

const folder = mkdtempSync(join(tmpdir(), 'vitrine-example-'))
const ends = [async () => rmSync(folder, { recursive: true, force: true })]

try {
  await checkAll()
} finally {
  for (const end of ends.toReversed()) await end()
}

async function checkAll() {
  cpSync(here, folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  // As after `npm install vitrine zod`.
  symlinkSync(root, join(folder, 'node_modules/vitrine'), 'dir')
  symlinkSync(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'), 'dir')
  await vitrine(['demo', '--keep', join(folder, 'shop.db'), '--json'])
  if (deskUrl !== undefined) await makeDesk(deskUrl)
  const token = 'not-a-secret'
  const billing = await startBilling(token)
  ends.push(billing.end)
  const chat = await startChat()
  ends.push(chat.end)
  const env = {
    ...process.env,
    DESK_DATABASE_URL: deskUrl ?? 'postgres://nobody@127.0.0.1:1/desk',
    BILLING_URL: billing.url,
    BILLING_TOKEN: token,
    CHAT_WEBHOOK_URL: chat.url,
  }
  if (deskUrl !== undefined)
    say('vitrine check', await vitrine(['check', '--json'], env), ({ ok }) => ok === true)
  await askAll(env, { chat, billing })
}

/** Runs a command and gives what it prints; what it says of mistakes is printed too. */
function vitrine(args, env = process.env) {
  return new Promise((resolve) =>
    execFile(process.execPath, [main, ...args], { cwd: folder, env }, (_, stdout) =>
      resolve(JSON.parse(stdout)),
    ),
  )
}

/** With the driver that Vitrine itself brings. */
async function makeDesk(url) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(readFileSync(join(here, 'desk.sql'), 'utf8'))
  await client.end()
}

function startChat() {
  const posts = []
  const server = createServer(async (request, response) => {
    posts.push(JSON.parse(Buffer.concat(await request.toArray()).toString()))
    response.end('ok')
  })
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        posts,
        url: `http://127.0.0.1:${server.address().port}`,
        end: () => server.close(),
      }),
    ),
  )
}

async function askAll(env, { chat, billing }) {
  let answer = 'decline'
  const questions = []
  const client = new Client(
    { name: 'example', version: '1' },
    { capabilities: { elicitation: { form: {} } } },
  )
  client.setRequestHandler('elicitation/create', ({ params }) => {
    questions.push(params.message)
    if (answer !== 'accept') return { action: answer }
    const [[field, { enum: choices }]] = Object.entries(params.requestedSchema.properties)
    return { action: 'accept', content: { [field]: choices.at(-1) } }
  })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [main, 'serve', join(folder, 'vitrine.yaml')],
    env,
    stderr: 'ignore',
  })
  await client.connect(transport)
  ends.push(() => client.close())
  const ask = async (name, given) => {
    const { structuredContent, isError } = await client.callTool({ name, arguments: given })
    return isError === true ? structuredContent.error : structuredContent
  }
  const tool = async (name, given, isRight) =>
    say(`${name} ${JSON.stringify(given)}`, await ask(name, given), isRight)

  await tool('orders_of_customer', { customer_id: 17 }, ({ columns }) =>
    columns.includes('total_cents'),
  )
  await tool(
    'orders_of_customer',
    { customer_id: '17', status: 'gone' },
    ({ code }) => code === 'invalid_input',
  )
  await tool('order_lines', { order_id: 1 }, ({ columns }) => columns.length === 4)
  await tool(
    'best_sellers',
    { from: '2026-01-01', to: '2026-11-30', most: 3 },
    ({ row_count }) => row_count === 3,
  )
  await tool(
    'products_by_sku',
    { skus: ["x' OR '1'='1", 'no such'] },
    ({ row_count }) => row_count === 0,
  )
  await tool(
    'invoice',
    { number: 'R-1003' },
    ({ data }) => data.paid === false && data.iban === undefined,
  )
  await tool('invoice', { number: 'R-9999' }, ({ code }) => code === 'not_found')
  await tool('unpaid_invoices', { customer_id: 17 }, ({ data }) => data.length === 1)
  await tool(
    'query_database',
    { source: 'shop', query: 'SELECT email FROM customers LIMIT 1' },
    ({ rows }) => rows[0][0] === null,
  )
  if (deskUrl !== undefined) {
    await tool('open_tickets', { priority: 'urgent' }, ({ row_count }) => row_count === 1)
    await tool('ticket_history', { ticket_id: 1 }, ({ row_count }) => row_count === 2)
    await tool(
      'query_database',
      { source: 'desk', query: 'SELECT salary_cents FROM staff' },
      ({ code }) => code === 'not_open',
    )
  }

  const { resources } = await client.listResources()
  say(
    'resources',
    resources.map(({ uri }) => uri),
    (uris) => uris.includes('vitrine://handbook/refunds.md'),
  )
  const { contents } = await client.readResource({ uri: 'vitrine://shop/order/1' })
  say('an order as a resource', contents[0].text, (text) => text.includes('total_cents'))
  const { messages } = await client.getPrompt({
    name: 'answer_ticket',
    arguments: { ticket: '1', tone: 'formal' },
  })
  say('the prompt answer_ticket', messages.length, (count) => count === 2)

  const text = 'Ticket 1 waits for the carrier.'
  await tool('post_to_chat', { text }, ({ code }) => code === 'not_confirmed')
  say('what the person was asked', questions.at(-1), (question) => question.includes(text))
  say('the chat, after a no', chat.posts, (posts) => posts.length === 0)
  const reminder = { number: 'R-1003', text: 'Your lamp has not been paid for yet.' }
  await tool('remind_of_invoice', reminder, ({ code }) => code === 'not_confirmed')
  say('what the person was asked', questions.at(-1), (question) =>
    [`POST ${billing.url}/invoices/R-1003/reminders`, reminder.text].every((part) =>
      question.includes(part),
    ),
  )
  say('the reminders, after a no', billing.reminders, (sent) => sent.length === 0)
  answer = 'accept'
  await tool('remind_of_invoice', reminder, ({ status }) => status === 201)
  say('the reminders, after a yes', billing.reminders, ([sent]) => sent.text === reminder.text)
  await tool('post_to_chat', { text }, ({ posted }) => posted === true)
  say('the chat, after a yes', chat.posts, (posts) => posts.length === 1)
  console.log('All is as it should be.')
}

function say(what, found, isRight) {
  assert.ok(isRight(found), `${what}: ${JSON.stringify(found)}`)
  console.log(`✓ ${what}`)
}
