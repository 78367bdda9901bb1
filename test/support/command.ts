import { execFile } from 'node:child_process'
import { mainPath } from './serve.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command line, as a user's shell does. */
export const vitrine = (
  args: readonly string[],
  options: { readonly cwd?: string; readonly uid?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [mainPath, ...args],
      { timeout: 14_000, ...options },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    )
  })
