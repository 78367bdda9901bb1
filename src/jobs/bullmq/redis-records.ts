import type { RedisClient } from '../../base/redis.ts'
import type { Job, JobRequest } from '../job-store.ts'
import { type JobRecords, mostRemembered, type Page, type Pages, type Slice } from './records.ts'

/** By the server's clock: several processes number what they bring in one order. */
const rememberScript = `
  if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then return 0 end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  local seconds, microseconds = unpack(redis.call('TIME'))
  for index = 2, 4 do
    redis.call('ZADD', KEYS[index], seconds * 1000000 + microseconds, ARGV[1])
    redis.call('ZREMRANGEBYRANK', KEYS[index], 0, -1 - tonumber(ARGV[5]))
    redis.call('PEXPIRE', KEYS[index], ARGV[3])
  end
  return 1`

/** The results that are kept are a sorted set of "id token bytes" by the time they expire: the oldest go first. */
const keepPagesScript = `
  for index = 6, #ARGV do redis.call('HSET', KEYS[1], index - 6, ARGV[index]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[2])
  redis.call('ZADD', KEYS[2], ARGV[2] + ARGV[3], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
  local total = 0
  for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1, 'REV')) do
    local name, bytes = member:match('^(.*) (%d+)$')
    total = total + tonumber(bytes)
    if total > tonumber(ARGV[4]) then
      redis.call('DEL', ARGV[5] .. name)
      redis.call('ZREM', KEYS[2], member)
    end
  end`

/** https://redis.io/docs/latest/develop/programmability/eval-intro/ */
export class RedisRecords implements JobRecords {
  readonly #client: RedisClient
  readonly #prefix: string
  readonly #mostBytes: number

  constructor(client: RedisClient, prefix: string, mostBytes: number) {
    this.#client = client
    this.#prefix = prefix
    this.#mostBytes = mostBytes
  }

  async remember({ id, actor, source, keepMs }: JobRequest, most: number): Promise<boolean> {
    const keys = [this.#job(id), this.#unfinished(actor.id), this.#jobs(), this.#jobs(actor.id)]
    const words = [id, source, keepMs, most, mostRemembered]
    return (await this.#run(rememberScript, keys, words)) === 1
  }

  async forget({ id, actor }: JobRequest): Promise<void> {
    await this.#client
      .multi()
      .del(this.#job(id))
      .zRem(this.#unfinished(actor.id), id)
      .zRem(this.#jobs(), id)
      .zRem(this.#jobs(actor.id), id)
      .exec()
  }

  async hear({ id, actor, source, keepMs }: JobRequest): Promise<void> {
    await this.#client
      .multi()
      .set(this.#job(id), source, { PX: keepMs })
      .pExpire(this.#unfinished(actor.id), keepMs)
      .pExpire(this.#jobs(), keepMs)
      .pExpire(this.#jobs(actor.id), keepMs)
      .exec()
  }

  async discount(actorId: string, ids: readonly string[]): Promise<void> {
    await this.#client.zRem(this.#unfinished(actorId), [...ids])
  }

  unfinished(actorId: string): Promise<readonly string[]> {
    return this.#client.zRange(this.#unfinished(actorId), 0, -1)
  }

  async sourceOf(id: string): Promise<string | undefined> {
    return (await this.#client.get(this.#job(id))) ?? undefined
  }

  newest({ actorId, offset, most }: Slice): Promise<readonly string[]> {
    return this.#client.zRange(this.#jobs(actorId), offset, offset + most - 1, { REV: true })
  }

  async keepCancelled(job: Job): Promise<void> {
    const { id, keepMs } = job.request
    await this.#client.set(this.#cancelled(id), JSON.stringify(job), { PX: keepMs })
  }

  async cancelled(id: string): Promise<Job | undefined> {
    const text = await this.#client.get(this.#cancelled(id))
    return text === null ? undefined : (JSON.parse(text) as Job)
  }

  async keepPages({ id, token, texts, keepMs }: Pages): Promise<void> {
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    const name = `${id} ${token}`
    const words = [
      `${name} ${bytes}`,
      Date.now(),
      keepMs,
      this.#mostBytes,
      this.#pages(''),
      ...texts,
    ]
    await this.#run(keepPagesScript, [this.#pages(name), `${this.#prefix}:results`], words)
  }

  async dropPages({ id, token }: Omit<Page, 'page'>): Promise<void> {
    await this.#client.del(this.#pages(`${id} ${token}`))
  }

  async readPage({ id, token, page }: Page): Promise<string | undefined> {
    return (await this.#client.hGet(this.#pages(`${id} ${token}`), String(page))) ?? undefined
  }

  #run(script: string, keys: string[], words: readonly (string | number)[]): Promise<unknown> {
    return this.#client.eval(script, { keys, arguments: words.map(String) })
  }

  /** Of all, or of one actor. */
  #jobs(actorId?: string): string {
    return actorId === undefined ? `${this.#prefix}:jobs` : `${this.#prefix}:jobs:${actorId}`
  }

  readonly #job = (id: string): string => `${this.#prefix}:job:${id}`
  readonly #unfinished = (actorId: string): string => `${this.#prefix}:unfinished:${actorId}`
  readonly #cancelled = (id: string): string => `${this.#prefix}:cancelled:${id}`
  readonly #pages = (name: string): string => `${this.#prefix}:pages:${name}`
}
