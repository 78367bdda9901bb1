import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError, type ErrorCode } from './error.ts'

/** What is loaded where it is asked for; `peerDependencies` of package.json says which versions fit. */
export const optionalPackages = [
  '@anthropic-ai/sdk',
  '@duckdb/node-api',
  '@redis/client',
  'bullmq',
] as const

type OptionalPackage = (typeof optionalPackages)[number]

export interface Missing {
  readonly packages: readonly [OptionalPackage, ...OptionalPackage[]]
  readonly code?: ErrorCode
  readonly cause: unknown
}

/** An optional package is not there. `need` is who asks for it, as the beginning of a sentence. */
export function notInstalled(need: string, { packages, code, cause }: Missing): AppError {
  const hint = howToInstall(packages.map(withVersion), ownFolder)
  return new AppError(code ?? 'config_invalid', `${need} the package ${packages[0]}.`, {
    hint,
    cause,
  })
}

const ownFolder = fileURLToPath(new URL('../..', import.meta.url))

/** What a person types depends on how Vitrine came to its folder: it finds only what is beside it. */
export function howToInstall(packages: readonly string[], folder: string): string {
  if (/[\\/]_npx[\\/]/.test(folder)) {
    const flags = ['vitrine', ...packages].map((name) => `--package ${name}`).join(' ')
    return `Have npx install it beside vitrine: npx ${flags} vitrine …`
  }
  const flag = isGlobal(folder) ? '--global ' : ''
  return `Install it beside vitrine: npm install ${flag}${packages.join(' ')}`
}

/** npm keeps a package.json beside each `node_modules` but that of the whole machine. */
const isGlobal = (folder: string): boolean =>
  /[\\/]node_modules[\\/]vitrine[\\/]?$/.test(folder) &&
  !existsSync(join(folder, '../../package.json'))

/** Without the version that fits, npm would take the newest and refuse it. */
const withVersion = (name: OptionalPackage): string =>
  `${name}@${newestOf(peerDependencies()[name])}`

/** `^1.12.0` is 1 and `~6.7.0` is 6.7: signs that no shell reads in its own way. */
const newestOf = (range: string): string =>
  range.replace(/^\^(\d+)\..*/, '$1').replace(/^~(\d+\.\d+)\..*/, '$1')

const peerDependencies = (): Readonly<Record<OptionalPackage, string>> =>
  (
    createRequire(import.meta.url)('../../package.json') as {
      peerDependencies: Readonly<Record<OptionalPackage, string>>
    }
  ).peerDependencies
