import type { DatabaseSyncInstance as Database } from '@photostructure/sqlite'
import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../base/error.ts'
import { mayWrite } from '../base/may-write.ts'
import { readBytes } from '../base/read-bytes.ts'
import { faults } from './dirt.ts'
import { insertRows, type Row } from './insert-rows.ts'
import { makePayments, makeRefunds } from './money.ts'
import { makeSales } from './orders.ts'
import { makeCountries, makeCustomers } from './people.ts'
import { makeCategories, makeProducts } from './products.ts'
import { Random } from './random.ts'
import { indexes, personalColumns, tables } from './tables.ts'
import { makeReviews, makeTickets } from './voices.ts'

export interface ShopFacts {
  readonly path: string
  /** Rows of all tables. */
  readonly rows: number
  readonly tables: Readonly<Record<string, number>>
  /** `table.column` of what tells who somebody is. */
  readonly personal: readonly string[]
  readonly faults: readonly FaultFact[]
}

/** Something wrong in the data, on purpose. */
interface FaultFact {
  readonly what: string
  readonly rows: number
  /** A SELECT that counts those rows. */
  readonly find: string
}

/** Marks the file as ours, in its header (https://sqlite.org/fileformat2.html): `Vitr` in ASCII. */
const applicationId = 0x56_69_74_72
const seed = 20_261_120

/**
 * Writes the sample shop to `path`: the same bytes every time, whole or not at all. Replaces an
 * earlier sample shop, and nothing else.
 */
export async function makeShop(path: string): Promise<ShopFacts> {
  refuseBadPlace(path)
  const { DatabaseSync } = await import('@photostructure/sqlite')
  const draft = `${path}.${randomUUID()}.tmp`
  try {
    const database = new DatabaseSync(draft, { enableForeignKeyConstraints: false })
    try {
      const facts = { path, ...fill(database) }
      database.close()
      renameSync(draft, path)
      return facts
    } finally {
      if (database.isOpen) database.close()
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

function refuseBadPlace(path: string): void {
  const folder = dirname(path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new AppError('invalid_input', `There is no folder ${folder}.`, {
      hint: 'Make the folder first, or name another one.',
    })
  }
  if (!mayWrite(folder)) {
    throw new AppError('invalid_input', `The folder ${folder} may not be written to.`, {
      hint: 'Name a path in a folder of yours.',
    })
  }
  if (statSync(path, { throwIfNoEntry: false }) === undefined || isShop(path)) return
  throw new AppError('invalid_input', `${path} exists and is not a sample shop of Vitrine.`, {
    hint: 'Name a file that does not exist yet; nothing was overwritten.',
  })
}

/** Only a file with our mark: SQLite keeps it in bytes 68 to 71. */
function isShop(path: string): boolean {
  if (!statSync(path).isFile()) return false
  const header = readBytes(path, 72)
  return header.length === 72 && header.readUInt32BE(68) === applicationId
}

function fill(database: Database): Omit<ShopFacts, 'path'> {
  // A draft that a crash spoils is thrown away: no need for a journal or for waiting on the disk.
  database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    PRAGMA application_id = ${applicationId}; BEGIN; ${tables}`)
  const rows = makeRows(new Random(seed))
  for (const [table, made] of Object.entries(rows)) insertRows(database, table, made)
  const made = faults.map(({ what, make, find }) => {
    const { changes } = database.prepare(make).run()
    return { what, rows: changes, find }
  })
  database.exec(indexes)
  database.prepare("INSERT INTO review_search (review_search) VALUES ('rebuild')").run()
  database.exec('COMMIT; ANALYZE')
  const counts = Object.entries(rows).map(([table, { length }]) => [table, length] as const)
  return {
    rows: counts.reduce((sum, [, count]) => sum + count, 0),
    tables: Object.fromEntries(counts),
    personal: personalColumns,
    faults: made,
  }
}

/** The rows of each table, in the order of the tables. */
function makeRows(random: Random): Readonly<Record<string, readonly Row[]>> {
  const customers = makeCustomers(random)
  const categories = makeCategories()
  const products = makeProducts(categories, random)
  const { orders, items } = makeSales({ customers, products }, random)
  const payments = makePayments(orders, random)
  return {
    countries: makeCountries(),
    customers,
    categories,
    products,
    orders,
    order_items: items,
    payments,
    refunds: makeRefunds(payments, random),
    reviews: makeReviews({ orders, items }, random),
    support_tickets: makeTickets(orders, random),
  }
}
