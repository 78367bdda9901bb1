import { z } from 'zod'
import { lazily } from '../../base/lazily.ts'
import { dialectTitles } from '../../sources/source.ts'
import type { DeclaredSources } from '../served-source.ts'
import { defineSourceTool, readOnly, type Tool } from '../tool.ts'

const defaultRows = 50
const mostRows = 500

export function queryDatabase(sources: DeclaredSources): Tool {
  const loadAnswers = lazily(() => import('./answer-query.ts'))
  return defineSourceTool(sources, {
    name: 'query_database',
    mayTakeLong: true,
    title: 'Query the database',
    description:
      'Runs one read-only SQL statement (SELECT, WITH, VALUES, EXPLAIN). Call get_schema first for ' +
      'exact names. Returns columns, types, rows, row_count and truncated, which is false or ' +
      `says what was left out and how to get it. ${aboutJobs(sources)}` +
      'Follow hints. ' +
      'Example: {"query":"SELECT status, count(*) FROM orders GROUP BY status"}',
    input: z.strictObject({
      query: z
        .string()
        .min(1)
        .describe(`One statement in ${dialects(sources)}`),
      limit: z.int().min(1).max(mostRows).default(defaultRows).describe('Most rows to return'),
    }),
    annotations: readOnly,
    cacheTerms: ({ caching }) =>
      caching && caching.resultsMs > 0
        ? { ttlMs: caching.resultsMs, isShared: caching.isShared }
        : undefined,
    async run({ query, limit }, source, context) {
      const { answerQuery } = await loadAnswers()
      return answerQuery(await source.open(), { text: query, rows: limit }, context)
    },
  })
}

const aboutJobs = (sources: DeclaredSources): string =>
  [...sources.values()].some(({ longRunning }) => longRunning !== undefined)
    ? 'A slow one goes on as a job: {"job":{"id"}} comes, get_job_status gives its rows. '
    : ''

function dialects(sources: DeclaredSources): string {
  const names = [...sources.values()].map(({ dialect }) => `${dialectTitles[dialect]}'s dialect`)
  return [...new Set(names)].join(' or ')
}
