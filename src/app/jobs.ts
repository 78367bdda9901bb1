import { AppError } from '../base/error.ts'
import { createReport } from '../base/report.ts'
import type { Config, SourceConfig } from '../config/config.ts'
import { Jobs } from '../jobs/jobs.ts'
import type { JobRequest } from '../jobs/job-store.ts'
import type { EndedJob, RunHow } from '../jobs/runner.ts'
import { missingTool } from '../tools/missing-tool.ts'
import { type Declared, openTo } from '../tools/tools.ts'

/** A statement that may run no longer than its call waits never becomes a job. */
export const mayOutlast = ({ limits }: SourceConfig): boolean => limits.jobMs > limits.timeoutMs

/** Undefined where nothing may outlast its call. */
export function createJobs(
  config: Config,
  declared: Declared,
  onEnded: (ended: EndedJob) => Promise<void>,
): Jobs | undefined {
  const { store: url, keyPrefix, mostBytes } = config.jobs
  const long = config.sources.filter(mayOutlast)
  const report = createReport()
  if (url === undefined || long.length === 0) return undefined
  return new Jobs({
    url,
    keyPrefix,
    mostBytes,
    sources: new Map(
      long.map(({ name, limits: { jobs: most, jobMs: limitMs, answerBytes: pageBytes } }) => [
        name,
        { most, limitMs, pageBytes },
      ]),
    ),
    run: (request, how) => runJob(request, declared, how),
    onEnded,
    onError: (error) => report(error instanceof AppError ? (error.cause ?? error) : error),
  })
}

/** The tool as its actor has it: what was closed to them meanwhile is not run. */
async function runJob(
  { actor, tool: name, arguments: given, source }: JobRequest,
  declared: Declared,
  how: RunHow,
): Promise<string> {
  const { tools } = openTo(actor, declared)
  const tool = tools.find((one) => one.name === name) ?? missingTool(name, [])
  const timeoutMs = declared.sources.get(source)?.longRunning?.limitMs
  return JSON.stringify(await tool.run(given, { ...how, actor, timeoutMs }))
}
