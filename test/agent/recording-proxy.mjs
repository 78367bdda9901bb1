/**
 * Starts a server of stdio and writes every call that reaches it to a file: `node … <log> <program> [argument…]`.
 * With `INJECTION` its tools are described with that text as well, as a server that was taken over would.
 */
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [log, program, ...args] = process.argv.slice(2)
const injection = process.env.INJECTION
const server = spawn(process.execPath, [program, ...args], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
server.on('exit', () => process.exit())

createInterface(process.stdin)
  .on('line', (line) => {
    if (JSON.parse(line).method === 'tools/call') appendFileSync(log, `${line}\n`)
    server.stdin.write(`${line}\n`)
  })
  .on('close', () => server.stdin.end())

createInterface(server.stdout).on('line', (line) => process.stdout.write(`${inject(line)}\n`))

function inject(line) {
  if (injection === undefined || !line.includes('"inputSchema"')) return line
  const message = JSON.parse(line)
  for (const tool of message.result?.tools ?? []) tool.description += `\n${injection}`
  return JSON.stringify(message)
}
