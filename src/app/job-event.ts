import type { JobEvent } from '../edge/audit/entry.ts'
import type { EndedJob } from '../jobs/runner.ts'
import type { Answer } from '../tools/tool.ts'

/** The end of a job, for the record. */
export const toJobEvent = ({ outcome, ...ended }: EndedJob): JobEvent => ({
  ...ended,
  outcome:
    typeof outcome === 'string'
      ? { answer: JSON.parse(outcome) as Answer, text: outcome }
      : outcome,
})
