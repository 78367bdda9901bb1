import { accessSync, constants } from 'node:fs'

/** True where the user that runs Vitrine may write the file: for `vitrine doctor`, never for a write. */
export function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
