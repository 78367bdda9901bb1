import { stat } from 'node:fs/promises'
import { AppError } from '../base/error.ts'
import { toChains } from '../edge/audit/rotated-files.ts'
import { type Verified, verify } from '../edge/audit/verify.ts'
import { createProgress } from './progress.ts'
import { formatTable } from './table.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { wrapLines } from './wrap.ts'

export interface AuditVerifyOptions {
  readonly files: readonly string[]
  /** The environment variable that holds the key. */
  readonly keyFrom?: string
  readonly anchor?: string
  readonly json?: boolean
}

/** `vitrine audit verify`: is the record what was written? */
export async function auditVerify(
  { files, keyFrom, anchor, json = false }: AuditVerifyOptions,
  terminal: Terminal,
): Promise<number> {
  const key = keyFrom === undefined ? undefined : keyIn(keyFrom)
  const chains = await toChains(files)
  if (anchor !== undefined && chains.length > 1) throw manyChains()
  const sizes = await Promise.all(chains.flat().map(sizeOf))
  const progress = createProgress(sizes.reduce((sum, size) => sum + size, 0))
  const verified: Verified[] = []
  try {
    for (const chain of chains) {
      const onRead = (bytes: number): void => progress.add(bytes)
      verified.push(await verify({ files: chain, key, anchor, onRead }))
    }
  } finally {
    progress.end()
  }
  const ok = verified.every(({ broken }) => broken === undefined)
  if (json) terminal.print(JSON.stringify({ ok, chains: verified }))
  else for (const one of verified) printChain(one, terminal)
  return ok ? exitCode.done : exitCode.failed
}

function keyIn(variable: string): string {
  const key = process.env[variable]
  if (key !== undefined && key !== '') return key
  throw new AppError('invalid_input', `The variable ${variable} is not set here.`, {
    hint: 'It holds the key of audit.key in the config that wrote the record.',
  })
}

const manyChains = (): AppError =>
  new AppError(
    'invalid_input',
    'These files are several records, and an anchor is a line of one.',
    {
      hint: 'Verify them one by one.',
    },
  )

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (cause) {
    throw new AppError('invalid_input', `The file ${path} cannot be read.`, {
      hint: 'Name the file of audit.file in the config; those rotated out of it are found beside it.',
      cause,
    })
  }
}

const columns = [
  { name: 'file' },
  { name: 'lines', type: 'integer' },
  { name: 'from' },
  { name: 'to' },
]

function printChain(verified: Verified, terminal: Terminal): void {
  const rows = verified.files.map(({ file, lines, from, to }) => [file, lines, from, to])
  terminal.print(formatTable(columns, rows, terminal))
  terminal.print(wrapLines(toVerdict(verified, terminal.colors), terminal.width))
}

function toVerdict(
  { broken, first, last, lines, missing }: Verified,
  { green, red, yellow }: Terminal['colors'],
): string {
  if (broken !== undefined) return `${red('✗')} ${broken.file}:${broken.line}: ${broken.why}.`
  if (last === undefined) return `${yellow('!')} There is no line.`
  const whole = `${green('✓')} whole: ${lines} lines, ${first} to ${last.seq} of the chain.`
  const gaps =
    missing === 0
      ? []
      : [`${yellow('!')} ${missing} decisions are missing, as the record says itself.`]
  return [whole, ...gaps, `  Last hash: ${last.hash}`, atTheEnd].join('\n')
}

const atTheEnd =
  '  Lines cut off at the end leave no trace in what is left: keep this hash elsewhere, and give it as --anchor next time.'
