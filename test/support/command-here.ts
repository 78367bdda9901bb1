import { openApp } from '../../dist/app/open-app.js'
import { withoutFalseOptions } from '../../dist/cli/arguments.js'
import { printError } from '../../dist/cli/print-error.js'
import { createProgram } from '../../dist/cli/program.js'
import { toConfig } from '../../dist/cli/target.js'
import { createColors, exitCode, type Terminal } from '../../dist/cli/terminal.js'
import type { Ran } from './command.ts'

/**
 * Runs a command in this process, as `main.ts` does: for tests of what it says, which need neither a shell nor a
 * working directory.
 */
export async function runHere(args: readonly string[]): Promise<Ran> {
  const json = args.includes('--json')
  return printed(json, async (terminal) => {
    let code: number = exitCode.done
    const program = createProgram({ terminal, json }, (ended) => (code = ended))
    await program.parseAsync(withoutFalseOptions([...args]), { from: 'user' })
    return code
  })
}

/** What is said where a config cannot be served. */
export const refuseToServe = (config: string): Promise<Ran> =>
  printed(false, async () => {
    const app = await openApp(await toConfig(config))
    await app.close()
    throw new Error(`${config} can be served.`)
  })

/** What a command prints to a terminal that nobody sits at, and its exit code. */
export async function printed(
  json: boolean,
  command: (terminal: Terminal) => Promise<number>,
): Promise<Ran> {
  let [stdout, stderr] = ['', '']
  const terminal: Terminal = {
    print: (text) => void (stdout += `${text}\n`),
    note: (text) => void (stderr += `${text}\n`),
    colors: createColors(false),
    noteColors: createColors(false),
    interactive: false,
    width: Number.POSITIVE_INFINITY,
  }
  const code = await command(terminal).catch((error: unknown) => printError(error, terminal, json))
  return { code, stdout, stderr }
}
