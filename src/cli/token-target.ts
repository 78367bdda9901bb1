import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '../base/error.ts'
import type { Config } from '../config/config.ts'
import { toConfig } from './target.ts'

export interface TokenTarget {
  readonly config: string
  /** The file itself; no config is read then. */
  readonly file?: string
}

/** The file of tokens, and the config that names it, if one does. */
export async function findTokenFile({
  config: path,
  file,
}: TokenTarget): Promise<{ readonly path: string; readonly config: Config | undefined }> {
  if (file !== undefined) return { path: resolve(file), config: undefined }
  if (!existsSync(path)) throw noConfig(path)
  const config = await toConfig(path)
  const tokens = config.http.auth?.tokens
  if (tokens === undefined) throw namesNone(path)
  return { path: tokens, config }
}

const noConfig = (path: string): AppError =>
  new AppError('config_invalid', `There is no config ${path}.`, {
    hint: 'Name the config that is served, or the file of tokens with --file.',
  })

const namesNone = (path: string): AppError =>
  new AppError('config_invalid', `${path} names no file of tokens.`, {
    hint: 'Write into it: http: { auth: { tokens: ./tokens.yaml } }. Or name the file with --file.',
  })
