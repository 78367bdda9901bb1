import { AppError } from '../base/error.ts'
import { createReport } from '../base/report.ts'
import type { JobsConfig, SourceConfig } from '../config/config.ts'
import type { JobEvent } from '../edge/audit/entry.ts'
import { Jobs } from '../jobs/jobs.ts'
import type { JobRequest } from '../jobs/job-store.ts'
import type { EndedJob, RunHow } from '../jobs/runner.ts'
import { outdated } from '../tools/jobs/job-answer.ts'
import { missingTool } from '../tools/missing-tool.ts'
import type { Answer } from '../tools/tool.ts'
import { type Declared, openTo } from '../tools/tools.ts'

/** A statement that may run no longer than its call waits never becomes a job. */
export const mayOutlast = ({ limits }: SourceConfig): boolean =>
  limits.jobTimeoutMs > limits.timeoutMs

export interface JobsParts {
  readonly options: JobsConfig & { readonly store: string }
  /** Those of which jobs are made. */
  readonly sources: readonly SourceConfig[]
  /** What there is when a job begins. */
  readonly declared: () => Declared
  readonly onEnded: (ended: EndedJob) => Promise<void>
}

export function createJobs({ options, sources, declared, onEnded }: JobsParts): Jobs {
  const { store: url, keyPrefix, mostBytes } = options
  const report = createReport()
  return new Jobs({
    url,
    keyPrefix,
    mostBytes,
    sources: new Map(
      sources.map(
        ({
          name,
          limits: { jobConcurrency: most, jobTimeoutMs: limitMs, answerBytes: pageBytes },
        }) => [name, { most, limitMs, pageBytes }],
      ),
    ),
    run: (request, how) => runJob(request, declared(), how),
    onEnded,
    onError: (error) => report(error instanceof AppError ? (error.cause ?? error) : error),
  })
}

/** The tool as its actor has it: what was closed to them meanwhile is not run. */
async function runJob(
  { actor, tool: name, arguments: given, source, definition }: JobRequest,
  declared: Declared,
  how: RunHow,
): Promise<string> {
  const { tools } = openTo(actor, declared)
  const tool = tools.find((one) => one.name === name) ?? missingTool(name, [])
  const terms = declared.sources.get(source)?.longRunning
  if (terms?.definitionOf(name) !== definition) throw outdated()
  const timeoutMs = terms.limitMs
  return JSON.stringify(await tool.run(given, { ...how, actor, timeoutMs }))
}

/** The end of a job, for the record. */
export const toJobEvent = ({ outcome, ...ended }: EndedJob): JobEvent => ({
  ...ended,
  outcome:
    typeof outcome === 'string'
      ? { answer: JSON.parse(outcome) as Answer, text: outcome }
      : outcome,
})
