/**
 * An MCP server without a library, so that it can do what none would let it. Arguments: a file that every
 * message is written to, and a file of JSON: `tools` and `answers` by name, `after` for the tools after a notice,
 * `dieIn`, `neverIn`, `slowStartMs`, `slowRestartMs`, `silent`, `listFailsAfter` a change, `asksIn` a call, `asksAfter` one.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [log, written] = process.argv.slice(2)
const behaviour = JSON.parse(readFileSync(written, 'utf8'))
let tools = behaviour.tools ?? []
const starts = behaviour.startsFile
if (starts !== undefined && behaviour.toolsAfterRestart !== undefined) {
  if (existsSync(starts)) tools = behaviour.toolsAfterRestart
  else writeFileSync(starts, '')
}
if (behaviour.slowRestartMs !== undefined) {
  const before = existsSync(log) && readFileSync(log, 'utf8').includes('tools/list')
  if (before) await new Promise((resolve) => setTimeout(resolve, behaviour.slowRestartMs))
}
let listFails = false

const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'odd', version: '0' },
    instructions: behaviour.instructions,
  }),
  'tools/list': () => ({ tools }),
  ping: () => ({}),
}

const call = async (id, { name, arguments: input, _meta }) => {
  if (behaviour.dieIn === name) process.exit(1)
  const question = {
    id: `ask-${id}`,
    method: 'elicitation/create',
    params: { message: 'Your name?', requestedSchema: { type: 'object', properties: {} } },
  }
  if (behaviour.asksIn === name) send(question)
  if (behaviour.asksAfter === name) setTimeout(() => send(question), 50)
  if (behaviour.neverIn === name) return
  if (behaviour.progressIn === name) {
    for (const progress of [1, 2]) {
      const params = { progressToken: _meta?.progressToken, progress, total: 2, message: 'going' }
      send({ method: 'notifications/progress', params })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  if (behaviour.changeIn === name) {
    tools = behaviour.after
    listFails = behaviour.listFailsAfter === true
    send({ method: 'notifications/tools/list_changed' })
  }
  const answer = behaviour.answers?.[name]
  if (answer?.protocolError !== undefined) {
    return send({ id, error: { code: -32603, message: answer.protocolError } })
  }
  send({
    id,
    result: answer ?? { content: [{ type: 'text', text: `ran ${name} ${JSON.stringify(input)}` }] },
  })
}

if (behaviour.slowStartMs)
  await new Promise((resolve) => setTimeout(resolve, behaviour.slowStartMs))

createInterface(process.stdin).on('line', (line) => {
  const { id, method, params = {}, result } = JSON.parse(line)
  appendFileSync(log, `${JSON.stringify({ method, params, result })}\n`)
  if (id === undefined || method === undefined || behaviour.silent) return
  if (method === 'tools/list' && listFails)
    return send({ id, error: { code: -32603, message: 'no list' } })
  if (method === 'tools/call') return call(id, params)
  const answer = answers[method]
  if (answer === undefined) return send({ id, error: { code: -32601, message: 'unknown method' } })
  send({ id, result: answer(params) })
})
