import { AppError } from '../base/error.ts'
import { didYouMean } from '../base/nearest.ts'
import { removeToken } from '../edge/auth/change-tokens.ts'
import { readTokenFile } from '../edge/auth/token-file.ts'
import { exitCode, type Terminal } from './terminal.ts'
import { findTokenFile, type TokenTarget } from './token-target.ts'

export interface TokenRevokeOptions extends TokenTarget {
  readonly name: string
  readonly json?: boolean
}

/** `vitrine token revoke`: a server that runs sees it within a second. */
export async function tokenRevoke(
  options: TokenRevokeOptions,
  terminal: Terminal,
): Promise<number> {
  const { name, json = false } = options
  const { path } = await findTokenFile(options)
  if (!(await removeToken(path, name))) throw await unknown(path, name)
  if (json) terminal.print(JSON.stringify({ revoked: name }))
  else terminal.note(`The token of ${name} is taken back: ${path} has it no more.`)
  return exitCode.done
}

async function unknown(path: string, name: string): Promise<AppError> {
  const names = (await readTokenFile(path))?.tokens.map((token) => token.name) ?? []
  const known = names.length === 0 ? 'There are none.' : `There are: ${names.join(', ')}.`
  return new AppError('invalid_input', `There is no token named ${name}.`, {
    hint: didYouMean(name, names) ?? known,
  })
}
