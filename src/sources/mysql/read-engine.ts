import type { Connection } from './connection.ts'

/** What `doctor` asks the server about itself and about this user. */
export interface EngineFacts {
  readonly product: string
  readonly version: string
  /** `user@host`, as the server matched it. */
  readonly user: string
  /** The GRANT statements of this user. */
  readonly grants: readonly string[]
  /** The protocol version of TLS; undefined where the connection is not encrypted. */
  readonly tls: string | undefined
  readonly readOnlyServer: boolean
  readonly replica: ReplicaState | undefined
}

interface ReplicaState {
  readonly running: boolean
  /** Null where the server cannot say. */
  readonly secondsBehind: number | null
}

export async function readEngine(connection: Connection): Promise<EngineFacts> {
  const { product, version } = connection.facts
  const [self] = await connection.ask<{ user: string; locked: number }>(
    'SELECT CURRENT_USER() AS user, @@global.read_only AS locked',
  )
  const grants = await connection.ask<Record<string, string>>('SHOW GRANTS')
  return {
    product,
    version,
    user: self?.user ?? '',
    readOnlyServer: Number(self?.locked) !== 0,
    grants: grants.map((row) => Object.values(row)[0] ?? ''),
    tls: connection.tls,
    replica: await readReplica(connection),
  }
}

/** `SHOW REPLICA STATUS` since MySQL 8.0.22 and MariaDB 10.5; needs a privilege that a reader rarely has. */
async function readReplica(connection: Connection): Promise<ReplicaState | undefined> {
  const rows = await connection.ask<Record<string, unknown>>('SHOW REPLICA STATUS').catch(() => [])
  const [row] = rows
  if (row === undefined) return undefined
  const get = (...names: string[]): unknown =>
    names.map((name) => row[name]).find((one) => one !== undefined)
  const seconds = get('Seconds_Behind_Source', 'Seconds_Behind_Master') as string | null | undefined
  const threads = [
    get('Replica_IO_Running', 'Slave_IO_Running'),
    get('Replica_SQL_Running', 'Slave_SQL_Running'),
  ]
  return {
    running: threads.every((state) => state === 'Yes'),
    secondsBehind: seconds === null || seconds === undefined ? null : Number(seconds),
  }
}
