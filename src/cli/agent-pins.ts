import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import type { Pins } from '../agent/index.ts'
import { AppError } from '../base/error.ts'
import { replaceFile } from '../base/replace-file.ts'

const pinsSchema = z.record(z.string(), z.record(z.string(), z.string()))

/** Definitions as they were when a person looked last; nothing where no file is named, or there is none yet. */
export async function readPins(path: string | undefined): Promise<Pins | undefined> {
  if (path === undefined) return undefined
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw broken(path, error)
  })
  try {
    return pinsSchema.parse(JSON.parse(text))
  } catch (error) {
    throw broken(path, error)
  }
}

/** Servers that are seen for the first time are added. What is pinned stays: a person takes it out. */
export async function addPins(path: string | undefined, seen: Pins): Promise<void> {
  if (path === undefined) return
  const before = await readPins(path)
  await replaceFile(path, `${JSON.stringify({ ...seen, ...before }, undefined, 2)}\n`)
}

const broken = (path: string, cause: unknown): AppError =>
  new AppError('config_invalid', 'The file of pins cannot be read.', {
    hint: 'Take it away to pin all definitions anew.',
    detail: `${path} cannot be read as pins.`,
    cause,
  })
