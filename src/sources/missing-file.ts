import { readdirSync, type Stats, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { didYouMean } from '../base/nearest.ts'

/** Undefined where there is nothing, also where a part of the path is a file and no folder. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** What a person is told of a path that leads nowhere: which part is missing, and what may be meant. */
export function missingFile(path: string): string {
  const folder = dirname(path)
  if (statOf(folder) === undefined) return `There is no folder ${folder}.`
  const meant = didYouMean(basename(path), namesIn(folder)) ?? 'Nothing was created.'
  return `There is no file ${path}. ${meant}`
}

/** Notes and configs, which lie beside a database, are none. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !/\.(?:md|ya?ml)$/i.test(name))
  } catch {
    return []
  }
}
