import { accessSync, constants } from 'node:fs'

/** True where the user that runs Vitrine may write the file, or into the folder. Nothing is written. */
export function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
