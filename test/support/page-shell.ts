/** Does what a page says, as somebody would who types it: one shell, one folder, block after block. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WhenDone } from '../../dist/testing/index.js'
import { type Block, isRun, root } from './page.ts'
import { mainPath } from './serve.ts'

/** A block that did something else than its page says. */
interface Astray {
  readonly place: string
  /** What it printed, on stdout and stderr. */
  readonly printed: string
  /** Of its last command; undefined where the shell did not get so far. */
  readonly code: number | undefined
  /** What the page shows under it. */
  readonly shown: string | undefined
}

interface Following {
  readonly cwd: string
  /** What a page writes and what this machine has instead, such as a free port; turned back in what is printed. */
  readonly fillings?: readonly (readonly [written: string, filling: string])[]
  readonly env?: NodeJS.ProcessEnv
  readonly whenDone: WhenDone
}

/** A page takes seconds on a machine that does nothing else. */
const deadlineMs = 240_000
const mark = '\u001E'

/** Follows the page. A block has to print what stands under it, or to end well where nothing does. */
export async function follow(
  blocks: readonly Block[],
  { cwd, fillings = [], env = {}, whenDone }: Following,
): Promise<readonly Astray[]> {
  const bin = installInto(cwd)
  const path = join(bin, 'page.sh')
  writeFileSync(path, fill(`exec 2>&1\n${blocks.map(toScript).join('')}`, fillings))
  const printed = await run(path, { cwd, env: { ...home(cwd, bin), ...env }, whenDone })
  const back = fillings.map(([written, filling]) => [filling, written] as const)
  const parts = toParts(fill(printed, back))
  return blocks.flatMap((block, at) => {
    if (!isRun(block)) return []
    const { said, code } = parts.get(at) ?? { said: '', code: undefined }
    const under = blocks[at + 1]
    const shown = under?.isOutput ? under.text : undefined
    const isRight = shown === undefined ? code === 0 : isShown(shown, said)
    return isRight ? [] : [{ place: block.place, printed: said, code, shown }]
  })
}

/** By the number of the block. */
const toParts = (printed: string) =>
  new Map(
    printed
      .split(mark)
      .slice(1)
      .map((part) => {
        const [, number, text = '', code] = /^(\d+)\n([\s\S]*?)(?:\n=(\d+)\n)?$/.exec(part) ?? []
        return [
          Number(number),
          { said: text, code: code === undefined ? undefined : Number(code) },
        ] as const
      }),
  )

/** All at once: what fills one place, such as a port, may look like another. */
function fill(text: string, fillings: readonly (readonly [string, string])[]): string {
  if (fillings.length === 0) return text
  const filled = new Map(fillings)
  const written = fillings.map(([from]) => from.replaceAll(/[^\w\s]/g, String.raw`\$&`))
  return text.replaceAll(new RegExp(written.join('|'), 'g'), (from) => filled.get(from) ?? from)
}

/** A block that names a file is written to it, and a block of commands is run. */
function toScript(block: Block, at: number): string {
  if (isRun(block)) {
    const text = block.text.replaceAll(/^vitrine serve .*--http.*$/gm, inBackground)
    return `printf '${mark}%s\\n' ${at}\n${text}\nprintf '\\n=%s\\n' $?\n`
  }
  if (block.file === undefined || block.notRun !== undefined) return ''
  return `mkdir -p "$(dirname ${block.file})"\ncat > ${block.file} <<'END_OF_BLOCK'\n${block.text}END_OF_BLOCK\n`
}

/** The page goes on in another terminal, when the server has said that it serves. */
const inBackground = (command: string): string =>
  / &( |$)/.test(command)
    ? command
    : `{ ${command} ; } 2>served.log & until grep -qs 'Ctrl-C' served.log || ! kill -0 $!; do sleep 0.1; done; cat served.log`

/** `vitrine` and `npx` as somebody has them who installed the package, and the package for programs. */
function installInto(cwd: string): string {
  const modules = join(cwd, 'node_modules')
  const bin = join(modules, '.bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(root, join(modules, 'vitrine'))
  for (const name of ['zod', '@anthropic-ai', '@modelcontextprotocol'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  const programs = {
    vitrine: `exec '${process.execPath}' '${mainPath}' "$@"`,
    // Of a package that is installed here: nothing is downloaded.
    npx: `[ "$1" = -y ] && shift\nPATH=$PATH:${root}node_modules/.bin\nserver=\${1#@modelcontextprotocol/}; shift\n[ "$server" = vitrine ] || server=mcp-$server\nexec "$server" "$@"`,
    node: `exec '${process.execPath}' "$@"`,
  }
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }\n')
  return bin
}

/** Nothing of whoever runs the tests. */
const home = (cwd: string, bin: string): NodeJS.ProcessEnv => ({
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  HOME: join(cwd, '.home'),
  XDG_STATE_HOME: join(cwd, '.home/state'),
  LANG: 'C.UTF-8',
})

function run(
  path: string,
  { cwd, env, whenDone }: { cwd: string; env: NodeJS.ProcessEnv; whenDone: WhenDone },
): Promise<string> {
  // In a group of its own, so that servers which the page left running end with it.
  const shell = spawn('sh', [path], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const end = (): void => {
    try {
      process.kill(-(shell.pid ?? 0), 'SIGKILL')
    } catch {
      // All of it has ended.
    }
  }
  whenDone(end)
  return new Promise((resolve) => {
    let printed = ''
    const timer = setTimeout(end, deadlineMs)
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
    shell.once('exit', () => {
      clearTimeout(timer)
      end()
    })
    shell.once('close', () => resolve(printed))
  })
}

/** Is what was printed what the page shows? A `…` stands for anything, a line of it for any lines. */
function isShown(shown: string, printed: string): boolean {
  const lines = tidy(shown).split('\n')
  const pattern = lines.map((line) =>
    line.trim() === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(escape).join('.*?')}\\n`,
  )
  return new RegExp(`^${pattern.join('')}$`).test(`${tidy(printed)}\n`)
}

const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
