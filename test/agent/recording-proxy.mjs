/** Starts a server of stdio and writes every call that reaches it to a file: `node … <log> <program> [argument…]`. */
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [log, program, ...args] = process.argv.slice(2)
const server = spawn(process.execPath, [program, ...args], {
  stdio: ['pipe', 'inherit', 'inherit'],
})
server.on('exit', () => process.exit())

createInterface(process.stdin)
  .on('line', (line) => {
    if (JSON.parse(line).method === 'tools/call') appendFileSync(log, `${line}\n`)
    server.stdin.write(`${line}\n`)
  })
  .on('close', () => server.stdin.end())
