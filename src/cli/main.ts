#!/usr/bin/env node
/** argv in, exit code out. */
import module from 'node:module'
import { takeStdout } from '../transports/take-stdout.ts'
import { createTerminal, exitCode } from './terminal.ts'

// Keeps compiled code between starts, where Node can (22.1 and later).
;(module as { enableCompileCache?: () => void }).enableCompileCache?.()

const terminal = createTerminal()
const [command, target, ...more] = process.argv.slice(2)

try {
  // What a client starts, and waits for, goes past the library of the command line.
  if (command === 'serve' && target !== undefined && !target.startsWith('-') && more.length === 0) {
    const stdout = takeStdout()
    const { serve } = await import('./serve.ts')
    process.exitCode = await serve({ target, stdout }, terminal)
  } else {
    process.stdout.once('error', endWriting)
    const { runProgram } = await import('./program.ts')
    process.exitCode = await runProgram(terminal)
  }
} catch (error) {
  const { printError } = await import('./print-error.ts')
  process.exitCode = printError(error, terminal, process.argv.includes('--json'))
}

/** The reader of a pipe has seen enough; whatever else keeps an answer from being written is a failure. */
function endWriting(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`The answer cannot be written (${error.code ?? error.message}).\n`)
  process.exit(exitCode.failed)
}
