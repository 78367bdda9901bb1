import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { onTestFinished, vi } from 'vitest'
import { mainPath } from './serve.ts'

/** `script` of util-linux, which gives a command a terminal; that of other systems takes other flags. */
export const hasPty: boolean =
  process.platform === 'linux' &&
  spawnSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' }).status === 0

export const keys = { ctrlC: '\u0003', ctrlD: '\u0004' } as const

/** The built command line as somebody runs it who sits at a terminal. */
export class AtTerminal {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #ended: Promise<number | null>
  #shown = ''
  #read = 0

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const command = [process.execPath, mainPath, ...args].map(quote).join(' ')
    // In place of the shell, which would hear of Ctrl-C as well, and some end with 130 then.
    this.#process = spawn('script', ['-qec', `exec ${command}`, '/dev/null'], {
      env: { ...process.env, NO_COLOR: '1', COLUMNS: '400', ...env },
    })
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => (this.#shown += text))
    this.#ended = new Promise((resolve) => this.#process.once('exit', resolve))
    onTestFinished(() => void this.#process.kill('SIGKILL'))
  }

  /** All that the terminal was sent, without what moves its cursor. */
  get shown(): string {
    return stripVTControlCharacters(this.#shown)
  }

  /** Waits until that is shown, after whatever was waited for before. */
  async sees(pattern: RegExp): Promise<void> {
    const found = await vi.waitFor(
      () => {
        const now = pattern.exec(this.shown.slice(this.#read))
        if (now === null) throw new Error(`No ${pattern} in: ${this.shown.slice(-2000)}`)
        return now
      },
      { timeout: 20_000, interval: 50 },
    )
    this.#read += found.index + found[0].length
  }

  types(text: string): void {
    this.#process.stdin.write(text)
  }

  /** The exit code of the command, once it has ended. */
  ended(): Promise<number | null> {
    return this.#ended
  }
}

const quote = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`
