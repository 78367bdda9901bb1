import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import type { ErrorAnswer } from '../base/error.ts'
import type { Job, JobRequest, JobState } from './job-store.ts'

/**
 * `synchronous = FULL`: what is acknowledged is on the disk (https://sqlite.org/pragma.html#pragma_synchronous).
 * `number` is the order in which jobs came.
 */
export const jobsSchema = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, actor TEXT NOT NULL,
    source TEXT NOT NULL, request TEXT NOT NULL, keep_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued', attempt INTEGER NOT NULL DEFAULT 0,
    token TEXT, lease_until INTEGER NOT NULL DEFAULT 0, progress REAL, rows_read INTEGER, error TEXT,
    pages INTEGER, bytes INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS unfinished ON jobs(key) WHERE state IN ('queued', 'running');
  CREATE INDEX IF NOT EXISTS waiting ON jobs(source, number) WHERE state IN ('queued', 'running');
  CREATE INDEX IF NOT EXISTS expiring ON jobs(expires_at);
  CREATE TABLE IF NOT EXISTS pages (
    job TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE, page INTEGER NOT NULL,
    text TEXT NOT NULL, PRIMARY KEY (job, page)
  ) STRICT;
  COMMIT`

export interface JobRow {
  readonly id: string
  readonly request: string
  readonly state: JobState
  readonly attempt: number
  readonly progress: number | null
  readonly rows_read: number | null
  readonly error: string | null
  readonly pages: number | null
  readonly created_at: number
  readonly changed_at: number
  readonly position: number | null
}

const unfinished = `state IN ('queued', 'running')`

const columns = `id, request, state, attempt, progress, rows_read, error, pages, created_at, changed_at,
  CASE state WHEN 'queued' THEN (SELECT count(*) FROM jobs AS other WHERE other.source = jobs.source
    AND other.state = 'queued' AND other.number <= jobs.number) END AS position`

/** All that is said to the file, prepared once. */
export class Statements {
  readonly sweep: StatementSyncInstance
  readonly unfinishedOfKey: StatementSyncInstance
  readonly countUnfinished: StatementSyncInstance
  readonly insert: StatementSyncInstance
  readonly next: StatementSyncInstance
  readonly countRunning: StatementSyncInstance
  readonly begin: StatementSyncInstance
  readonly renew: StatementSyncInstance
  readonly holds: StatementSyncInstance
  readonly end: StatementSyncInstance
  readonly setResult: StatementSyncInstance
  readonly insertPage: StatementSyncInstance
  readonly trim: StatementSyncInstance
  readonly release: StatementSyncInstance
  readonly find: StatementSyncInstance
  readonly readPage: StatementSyncInstance
  readonly list: StatementSyncInstance

  constructor(database: DatabaseSyncInstance) {
    const prepare = (sql: string): StatementSyncInstance => database.prepare(sql)
    this.sweep = prepare('DELETE FROM jobs WHERE expires_at <= ?')
    this.unfinishedOfKey = prepare(`SELECT id FROM jobs WHERE key = ? AND ${unfinished}`)
    this.countUnfinished = prepare(
      `SELECT count(*) AS n FROM jobs WHERE actor = ? AND ${unfinished}`,
    )
    this.insert = prepare(`INSERT INTO jobs
      (id, key, actor, source, request, keep_ms, created_at, changed_at, expires_at)
      VALUES (:id, :key, :actor, :source, :request, :keepMs, :now, :now, :now + :keepMs)`)
    this.next = prepare(`SELECT ${columns} FROM jobs WHERE source = ?1 AND ${unfinished}
      AND lease_until <= ?2 AND expires_at > ?2 ORDER BY number LIMIT 1`)
    this.countRunning = prepare(`SELECT count(*) AS n FROM jobs
      WHERE source = ? AND ${unfinished} AND lease_until > ?`)
    this.begin = prepare(`UPDATE jobs SET state = 'running', attempt = attempt + 1, token = :token,
      progress = NULL, rows_read = NULL, lease_until = :leaseUntil, changed_at = :now, expires_at = :now + keep_ms
      WHERE id = :id`)
    this.renew = prepare(`UPDATE jobs SET lease_until = :leaseUntil, expires_at = :now + keep_ms,
      progress = coalesce(:share, progress), rows_read = coalesce(:rows, rows_read)
      WHERE id = :id AND token = :token AND state = 'running'`)
    this.holds = prepare(`SELECT 1 FROM jobs WHERE id = ? AND token = ? AND state = 'running'`)
    this.end = prepare(`UPDATE jobs SET state = :state, error = :error, lease_until = 0,
      changed_at = :now, expires_at = :now + keep_ms WHERE id = :id`)
    this.setResult = prepare('UPDATE jobs SET pages = :pages, bytes = :bytes WHERE id = :id')
    this.insertPage = prepare('INSERT INTO pages (job, page, text) VALUES (?, ?, ?)')
    this.trim = prepare(`DELETE FROM jobs WHERE number IN (SELECT number FROM (
      SELECT number, sum(bytes) OVER (ORDER BY changed_at DESC, number DESC) AS total
      FROM jobs WHERE state = 'completed') WHERE total > ?)`)
    this.release = prepare(`UPDATE jobs SET state = 'queued', attempt = attempt - 1, token = NULL,
      progress = NULL, rows_read = NULL, lease_until = 0, changed_at = :now
      WHERE id = :id AND token = :token AND state = 'running'`)
    this.find = prepare(`SELECT ${columns} FROM jobs WHERE id = ? AND expires_at > ?`)
    this.readPage = prepare(`SELECT text FROM pages JOIN jobs ON jobs.id = pages.job
      WHERE job = ? AND page = ? AND expires_at > ?`)
    this.list = prepare(`SELECT ${columns} FROM jobs
      WHERE (:actor IS NULL OR actor = :actor) AND expires_at > :now
      ORDER BY number DESC LIMIT :most`)
  }
}

export function toJob(row: JobRow): Job {
  const { state, attempt, progress: share, rows_read: rows, error, pages, position } = row
  const progress = { ...(share !== null && { share }), ...(rows !== null && { rows }) }
  return {
    request: JSON.parse(row.request) as JobRequest,
    state,
    attempt,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    ...(position !== null && { position }),
    ...(state === 'running' && (share ?? rows) !== null && { progress }),
    ...(error !== null && { error: JSON.parse(error) as ErrorAnswer['error'] }),
    ...(pages !== null && { pages }),
  }
}
