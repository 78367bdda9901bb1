/** What a configuration file says, checked and filled in: the value that `app/` receives. */
import type { Grant } from '../base/actor.ts'
import type { ApiOptions } from '../apis/options.ts'
import type { CacheOptions } from '../cache/cache.ts'
import type { AuditOptions } from '../edge/audit/audit.ts'
import type { AuthOptions } from '../edge/auth/options.ts'
import type { LimitsOptions } from '../edge/limits/options.ts'
import type { PromptsOptions } from '../prompts/options.ts'
import type { ResourceOptions } from '../resources/options.ts'
import type { Limits } from '../sources/source.ts'
import type { DeclaredApiTool } from '../tools/api-tool.ts'
import type { Question } from '../tools/curated/question.ts'
import type { ChangeBounds } from '../tools/writing/change-question.ts'

/** What holds for one statement of a call, and for all. */
export interface SourceLimits extends Limits {
  /** Resident bytes of the process that runs statements. */
  readonly memoryBytes: number
  /** Statements that run at the same time. */
  readonly concurrency: number
  /** Milliseconds a statement may run as a job; 0 where its time is over with the call's. */
  readonly jobTimeoutMs: number
  /** Jobs that run at the same time, in all processes together. */
  readonly jobConcurrency: number
  /** What the engine may expect a statement to cost, in its own units; undefined for anything. */
  readonly cost: number | undefined
}

export interface SourceConfig {
  readonly name: string
  /** With variables filled in and a relative path made absolute. May hold a password: never print it. */
  readonly url: string
  readonly description: string | undefined
  /** Business notes for the model, read from the file the config names. */
  readonly context: string | undefined
  /** The only tables that are open; all of them where undefined. */
  readonly tables: readonly string[] | undefined
  /** `table.column` → how it is closed. */
  readonly columns: Readonly<Record<string, 'mask' | 'hide'>>
  readonly limits: SourceLimits
  /** Settings of the session → names of claims, for row-level security. */
  readonly identity: Readonly<Record<string, string>>
  readonly cache: SourceCache
  /** What tools that change rows connect by, in normal form; nothing is written where undefined. Never print it. */
  readonly writableUrl?: string | undefined
}

/** What is held of a source. */
export interface SourceCache {
  /** Milliseconds; as long as its driver thinks right where undefined. */
  readonly schemaMs: number | undefined
  /** Milliseconds for which an answer is given again; 0 for never. */
  readonly resultsMs: number
  /** Callers with the same identity are given the same answers. */
  readonly isShared: boolean
}

/** How it is served over HTTP. */
export interface HttpConfig {
  /** `host:port`; no host for every address. */
  readonly listen: string
  /** The URL of /mcp as clients type it, where a proxy stands in front. */
  readonly url: string | undefined
  /** Host names that requests may come for, besides this machine itself and the host of `url`. */
  readonly hosts: readonly string[]
  /** Origins of web pages that may call from a browser. */
  readonly origins: readonly string[]
  /** Serve the retired HTTP+SSE transport as well. */
  readonly legacySse: boolean
  /** Processes that share the port. */
  readonly workers: number
  /** `host:port` where figures are served for Prometheus. */
  readonly metrics: string | undefined
  /** Milliseconds between the signal to end and the last new call. */
  readonly drainMs: number
  /** Who may come in; undefined where anybody on this machine may. */
  readonly auth: AuthOptions | undefined
}

/** Questions that outlast their call. */
export interface JobsConfig {
  /** `sqlite:<absolute path>`, or the URL of a Redis or a PostgreSQL; no jobs at all where undefined. May hold a password: never print it. */
  readonly store: string | undefined
  /** Of what servers keep that share a Redis or a PostgreSQL; those of another one have nothing to do with it. */
  readonly keyPrefix: string
  /** Milliseconds for which a result is kept. */
  readonly keepMs: number
  /** Of one caller, unfinished. */
  readonly perActor: number
  /** Of all results. */
  readonly mostBytes: number
}

/** A question that somebody has written down. */
export interface ToolConfig extends Question {
  /** The name of a source. */
  readonly source: string
  /** It changes rows; it reads where undefined. */
  readonly change?: ChangeBounds | undefined
  readonly examples?: readonly ToolExample[] | undefined
}

/** How calls that change something are confirmed. */
export interface ConfirmConfig {
  readonly whenNobodyCanBeAsked: 'refuse' | 'token'
  /** Milliseconds for which a confirmation holds. */
  readonly withinMs: number
  /** Of signatures; of the process alone where undefined. */
  readonly key: string | undefined
  /** URL of the Redis that remembers what was used; each process for itself where undefined. */
  readonly store: string | undefined
}

/** A call that is worth trying, for the documentation: no model is told of it. */
export interface ToolExample {
  readonly title?: string | undefined
  readonly arguments: Readonly<Record<string, unknown>>
}

/** A request to an API that somebody has written down, or chosen from a document. */
export interface ApiToolConfig extends Omit<DeclaredApiTool, 'limits'> {
  /** The most items of any one list; undefined for those of the source. */
  readonly rows: number | undefined
  readonly examples?: readonly ToolExample[] | undefined
  /** It is one of the `operations` of its source, and stands nowhere in `tools`. */
  readonly isImported?: true
}

/** A source that is an HTTP API. */
export interface ApiConfig extends ApiOptions {
  readonly description: string | undefined
  readonly context: string | undefined
  readonly tools: readonly ApiToolConfig[]
}

export interface Config {
  /** How the server calls itself to clients. */
  readonly name: string
  /** Databases. */
  readonly sources: readonly SourceConfig[]
  readonly apis: readonly ApiConfig[]
  readonly tools: readonly ToolConfig[]
  /** Absolute paths of files that export tools; they are run. */
  readonly modules: readonly string[]
  /** What is known of whoever asks over stdio or from a terminal. */
  readonly claims: Readonly<Record<string, string>>
  /** Parts of all there is, by name. */
  readonly groups: ReadonlyMap<string, Grant>
  readonly http: HttpConfig
  /** How much one actor may use; no limits where undefined. */
  readonly limits: Omit<LimitsOptions, 'note'> | undefined
  /** What is remembered of every call; nothing where undefined. */
  readonly audit: Omit<AuditOptions, 'note'> | undefined
  readonly jobs: JobsConfig
  /** What can be read besides what is told of the sources. */
  readonly resources: readonly ResourceOptions[]
  readonly prompts: PromptsOptions
  /** What processes hold in memory. Its store may hold a password: never print it. */
  readonly cache: Omit<CacheOptions, 'note' | 'onSchemaChanged'>
  readonly confirm: ConfirmConfig
}

/** What `Config.name` is where the file says nothing. */
export const defaultName = 'vitrine'

/** What a source may be called: a model writes it as an argument, a person types it. */
export const sourceNamePattern = /^[a-z][a-z0-9_]{0,30}$/

export const defaultLimits: SourceLimits = {
  timeoutMs: 4500,
  rows: 500,
  cellBytes: 4096,
  answerBytes: 40_000,
  memoryBytes: 512 * 1024 * 1024,
  concurrency: 4,
  jobTimeoutMs: 300_000,
  jobConcurrency: 2,
  cost: undefined,
}

export const defaultSourceCache: SourceCache = {
  schemaMs: undefined,
  resultsMs: 0,
  isShared: false,
}

export const defaultHttp: HttpConfig = {
  listen: '127.0.0.1:8080',
  url: undefined,
  hosts: [],
  origins: [],
  legacySse: false,
  workers: 1,
  metrics: undefined,
  drainMs: 5000,
  auth: undefined,
}

/** Everything but the sources. */
export const defaultConfig: Omit<Config, 'sources'> = {
  name: defaultName,
  apis: [],
  tools: [],
  modules: [],
  claims: {},
  groups: new Map(),
  http: defaultHttp,
  limits: undefined,
  audit: undefined,
  jobs: {
    store: undefined,
    keyPrefix: 'vitrine_jobs',
    keepMs: 3_600_000,
    perActor: 5,
    mostBytes: 100_000_000,
  },
  resources: [],
  prompts: { defaults: true, own: [] },
  cache: { store: undefined, keyPrefix: 'vitrine:cache', path: undefined, mostBytes: 50_000_000 },
  confirm: {
    whenNobodyCanBeAsked: 'refuse',
    withinMs: 300_000,
    key: undefined,
    store: undefined,
  },
}
