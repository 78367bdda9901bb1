/** The limits of a config in words. */
import type {
  ApiConfig,
  ApiToolConfig,
  Config,
  SourceConfig,
  ToolConfig,
} from '../../config/config.ts'
import type { Fact } from '../../docs/description.ts'

export function ofSource({ limits, cache }: SourceConfig, hasJobs: boolean): Fact[] {
  const outlasts = hasJobs && limits.jobTimeoutMs > limits.timeoutMs
  return [
    { name: 'time of a call', value: toTime(limits.timeoutMs) },
    ...(outlasts
      ? [
          {
            name: 'time of a job, which a call becomes that takes longer',
            value: toTime(limits.jobTimeoutMs),
          },
          { name: 'jobs at the same time', value: String(limits.jobConcurrency) },
        ]
      : []),
    { name: 'rows of an answer', value: String(limits.rows) },
    { name: 'bytes of an answer', value: toSize(limits.answerBytes) },
    { name: 'bytes of one cell', value: toSize(limits.cellBytes) },
    { name: 'statements at the same time', value: String(limits.concurrency) },
    ...fact('expected cost of a plan, in units of the engine', limits.cost, String),
    ...(cache.resultsMs > 0 ? [given(cache.resultsMs)] : []),
  ]
}

export const ofApi = ({ limits }: ApiConfig): Fact[] => [
  { name: 'time of a call, all attempts together', value: toTime(limits.timeoutMs) },
  { name: 'items of any one list', value: String(limits.items) },
  { name: 'bytes of an answer', value: toSize(limits.answerBytes) },
  { name: 'bytes of one text', value: toSize(limits.textBytes) },
  { name: 'bytes of a response of the API', value: toSize(limits.responseBytes) },
  { name: 'connections at the same time', value: String(limits.concurrency) },
]

/** What holds for a tool besides the limits of its source. */
export const ofTool = (
  name: string,
  declared: Partial<Pick<ToolConfig & ApiToolConfig, 'rows' | 'cacheMs' | 'change'>> | undefined,
  { limits }: Config,
): Fact[] => [
  ...fact('rows of an answer', declared?.rows, String),
  ...fact('rows that one call may change', declared?.change?.most, String),
  ...((declared?.cacheMs ?? 0) > 0 ? [given(declared?.cacheMs ?? 0)] : []),
  ...fact('calls of one caller', limits?.perTool[name], toRate),
]

export function ofCaller({ limits }: Config): Fact[] {
  if (limits === undefined) return []
  const { perActor, concurrent, dailyRows, dailyBytes } = limits
  return [
    ...fact('calls', perActor, toRate),
    ...fact('calls at the same time', concurrent, String),
    ...fact('rows in 24 hours', dailyRows, toCount),
    ...fact('bytes in 24 hours', dailyBytes, toSize),
  ]
}

/** None where there is no such limit. */
const fact = <Limit>(
  name: string,
  limit: Limit | undefined,
  toText: (limit: Limit) => string,
): Fact[] => (limit === undefined ? [] : [{ name, value: toText(limit) }])

const given = (ms: number): Fact => ({
  name: 'an answer is given again to the same question for',
  value: toTime(ms),
})

const toTime = (ms: number): string => {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`
}

/** In thousands, or in 1024s where it is a whole number of these. */
function toSize(bytes: number): string {
  for (const [unit, size] of units)
    if (bytes >= size && bytes % size === 0) return `${bytes / size} ${unit}`
  return `${bytes} bytes`
}

const units: readonly [string, number][] = [
  ['GB', 1e9],
  ['GiB', 1024 ** 3],
  ['MB', 1e6],
  ['MiB', 1024 ** 2],
  ['kB', 1000],
  ['KiB', 1024],
]

const toRate = ({
  calls,
  seconds,
}: {
  readonly calls: number
  readonly seconds: number
}): string => {
  const unit = seconds === 1 ? 'second' : seconds === 60 ? 'minute' : 'hour'
  return `${calls} in a ${unit}`.replace('a hour', 'an hour')
}

const toCount = (count: number): string => count.toLocaleString('en')
