import { writeSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { AppError } from '../../base/error.ts'
import { flawOfEntry } from './check-entry.ts'
import type { Entry, Transcript } from './entry.ts'

/**
 * A transcript in a file, JSON lines, for its owner alone: it holds whatever the tools gave. What is there
 * already stays, and the run goes on behind it.
 */
export async function openTranscript(path: string): Promise<Transcript> {
  const file = await open(path, 'a+', 0o600).catch((cause: unknown) => {
    throw new AppError('config_invalid', 'The transcript cannot be written.', {
      hint: 'Name a file in a folder that is there and yours.',
      detail: path,
      cause,
    })
  })
  const before = await file.readFile('utf8')
  // A line that a crash left unfinished must not swallow the next one.
  if (before !== '' && !before.endsWith('\n')) await file.appendFile('\n')
  return {
    // An error of writing is the promise's.
    async write(entry) {
      const line = `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`
      writeWhole(file.fd, Buffer.from(line))
    },
    close: () => file.close(),
  }
}

/** At once: what is written hardly takes longer than the way to another thread, and every step waits for it. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
}

/** @throws AppError `invalid_input` where the file is no transcript */
export async function readTranscript(path: string): Promise<readonly Entry[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('invalid_input', 'The transcript cannot be read.', { detail: path, cause })
  })
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.flatMap((line, index) => toEntry(line, index))
}

/** A line that breaks off is one that was being written when the process ended. */
function toEntry(line: string, index: number): Entry[] {
  const value = parse(line)
  if (value === undefined && !line.endsWith('}')) return []
  const flaw = flawOfEntry(value)
  if (flaw === undefined) return [value as Entry]
  throw new AppError('invalid_input', `Line ${index + 1} is none of a transcript: ${flaw}.`, {
    hint: 'Name a file that the agent has written.',
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
