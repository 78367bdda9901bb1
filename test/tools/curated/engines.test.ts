import { describe, expect, test } from 'vitest'
import type { App } from '../../../dist/app/app.js'
import {
  brokenIn,
  callTool,
  engines,
  openTools,
  toolConfig,
  type ToolChange,
} from '../../support/curated.ts'
import { shared } from '../../support/shared.ts'

/** Plain enough for any engine. */
const setup = [
  `CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, customer_id INTEGER, status VARCHAR(20),
   price DECIMAL(10,2), is_open BOOLEAN, ordered_on DATE, shipped_at TIMESTAMP)`,
  `INSERT INTO orders VALUES
   (1, 7, 'paid', 10.10, TRUE, '2026-01-05', '2026-01-05 10:00:00'),
   (2, 7, 'new', 20, FALSE, '2026-02-06', '2026-02-06 23:59:59'),
   (3, 8, 'paid', 5, FALSE, '2026-02-07', '2026-02-07 00:00:01'),
   (9007199254740992, 9, 'even', 0, FALSE, '2026-03-01', '2026-03-01 00:00:00'),
   (9007199254740993, 9, 'odd', 0, FALSE, '2026-03-01', '2026-03-01 00:00:00')`,
]

/** What a tool is asked, and the numbers of the orders that it gives. */
interface Fact {
  readonly title: string
  readonly where: string
  readonly parameters: ToolChange['parameters']
  /** Arguments → orders. */
  readonly gives: readonly (readonly [given: object, ids: readonly (number | string)[]])[]
}

const integer = { type: 'integer' }
const facts: readonly Fact[] = [
  {
    title: 'a whole number, also one that is used twice',
    where: 'customer_id = :customer and :customer > 7',
    parameters: { customer: integer },
    gives: [
      [{ customer: 8 }, [3]],
      [{ customer: 7 }, []],
    ],
  },
  {
    title: 'a whole number beyond 2^53 is that one and no other',
    where: 'id = :id',
    parameters: { id: integer },
    gives: [
      [{ id: '9007199254740993' }, ['9007199254740993']],
      [{ id: '9007199254740992' }, ['9007199254740992']],
    ],
  },
  {
    title: 'a number with a fraction',
    where: 'price >= :least and id < 100',
    parameters: { least: { type: 'number' } },
    gives: [
      [{ least: 10.1 }, [1, 2]],
      [{ least: 10.11 }, [2]],
      [{ least: 20 }, [2]],
    ],
  },
  {
    title: 'a text, or nothing where it is left out',
    where: '(:status is null or status = :status) and customer_id < 9',
    parameters: { status: { type: 'string', enum: ['paid', 'new'], optional: true } },
    gives: [
      [{ status: 'paid' }, [1, 3]],
      [{}, [1, 2, 3]],
      [{ status: null }, [1, 2, 3]],
    ],
  },
  {
    title: 'a default',
    where: 'status = :status and id < 100',
    parameters: { status: { type: 'string', default: 'new' } },
    gives: [
      [{}, [2]],
      [{ status: 'paid' }, [1, 3]],
    ],
  },
  {
    title: 'true and false',
    where: 'is_open = :open and id < 100',
    parameters: { open: { type: 'boolean' } },
    gives: [
      [{ open: true }, [1]],
      [{ open: false }, [2, 3]],
    ],
  },
  {
    title: 'dates',
    where: 'ordered_on between :from and :to and id < 100',
    parameters: {
      from: { type: 'string', format: 'date' },
      to: { type: 'string', format: 'date' },
    },
    gives: [
      [{ from: '2026-01-05', to: '2026-02-06' }, [1, 2]],
      [{ from: '2026-02-07', to: '2026-02-07' }, [3]],
    ],
  },
  {
    title: 'moments',
    where: 'shipped_at >= :since and id < 100',
    parameters: { since: { type: 'string', format: 'date-time' } },
    gives: [
      [{ since: '2026-01-20T12:00:00Z' }, [2, 3]],
      [{ since: '2026-02-08T12:00:00.5+02:00' }, []],
    ],
  },
  {
    title: 'lists, of none, one or many, and left out',
    where: '(:ids is null or id in (:ids)) and status not in (:but) and id < 100',
    parameters: {
      ids: { type: 'array', items: integer, optional: true },
      but: { type: 'array', items: { type: 'string' }, default: [] },
    },
    gives: [
      [{ ids: [1, 3] }, [1, 3]],
      [{ ids: [2] }, [2]],
      [{ ids: [] }, []],
      [{}, [1, 2, 3]],
      [{ but: ['paid', "x'); --"] }, [2]],
      [{ ids: Array.from({ length: 1000 }, (_, one) => one + 3) }, [3]],
    ],
  },
  {
    title: 'a limit',
    where: 'id < 100 order by id limit :most offset :behind',
    parameters: { most: integer, behind: { type: 'integer', default: 0 } },
    gives: [
      [{ most: 2 }, [1, 2]],
      [{ most: 1, behind: 1 }, [2]],
    ],
  },
  {
    title: 'what only looks like a placeholder is none',
    where: `id = :id and ':id' = ':id' -- :none
      and 1 /* :none */ = 1`,
    parameters: { id: integer },
    gives: [[{ id: 2 }, [2]]],
  },
]

const statementOf = ({ where }: Fact): string =>
  `select id from orders where ${where}${where.includes('order by') ? '' : '\n order by id'}`

const tools = facts.map((fact, index) =>
  toolConfig(statementOf(fact), { name: `fact_${index}`, parameters: fact.parameters ?? {} }),
)

describe.each(engines)('on $title', ({ make }) => {
  const open = shared(async (name: string, whenDone): Promise<App> => {
    const url = await make(setup, whenDone)
    const change = name === 'restricted' ? { columns: { 'orders.price': 'mask' as const } } : {}
    return openTools(url, tools, { whenDone, ...change, tables: ['orders'] })
  })

  test('every statement is prepared without being run', async () => {
    const app = await open('open')
    expect([...(await brokenIn(app))]).toEqual([])
  })

  test.each(facts.map((fact, index) => ({ ...fact, index })))(
    'a tool takes $title',
    async ({ index, gives }) => {
      const app = await open('open')
      for (const [given, ids] of gives) {
        const answer = await callTool(app, [`fact_${index}`, given])
        expect(answer).toMatchObject({ rows: ids.map((id) => [id]), truncated: false })
      }
    },
  )

  test('the columns that the config closes are closed to a tool as well', async () => {
    const app = await open('restricted')
    expect(await callTool(app, ['fact_2', { least: 1 }])).toMatchObject({
      rows: [],
      masked: ['orders.price'],
    })
  })
})
