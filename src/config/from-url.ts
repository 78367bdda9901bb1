import { type Config, defaultConfig, defaultLimits, defaultSourceCache } from './config.ts'
import { sourceNameOf } from './source-name.ts'
import { cacheFile, jobsFile, toServed } from './state-file.ts'
import { normalizeUrl } from './url.ts'

/**
 * The configuration of `vitrine serve <url>`: one source, all of it open, default limits.
 *
 * @example configFromUrl('sqlite:./my-shop.db').sources[0]?.name // 'my_shop'
 */
export function configFromUrl(url: string, folder = process.cwd()): Config {
  const normal = normalizeUrl(url, folder)
  const served = toServed(normal)
  const source = {
    name: sourceNameOf(normal),
    url: normal,
    description: undefined,
    context: undefined,
    tables: undefined,
    columns: {},
    limits: defaultLimits,
    identity: {},
    cache: defaultSourceCache,
  }
  return {
    ...defaultConfig,
    sources: [source],
    jobs: { ...defaultConfig.jobs, store: jobsFile(served, process.env) },
    cache: { ...defaultConfig.cache, path: cacheFile(served, process.env) },
  }
}

/** True for the path of a configuration file, false for a database's URL or path. */
export const isConfigPath = (text: string): boolean =>
  /^(?![a-z][a-z0-9+.-]+:).*\.(ya?ml|json)$/is.test(text)
