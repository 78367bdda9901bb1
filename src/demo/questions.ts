import type { ErrorCode } from '../base/error.ts'

/** A question that somebody asks the sample shop, and the call that a model makes of it. */
export interface Question {
  /** In plain words. */
  readonly question: string
  readonly tool: 'query_database' | 'get_schema'
  readonly arguments: Readonly<Record<string, string | number>>
  /** The error that is the right answer here. */
  readonly error?: ErrorCode
}

export const questions: readonly Question[] = [
  {
    question: 'What is in this database?',
    tool: 'get_schema',
    arguments: {},
  },
  {
    question: 'How did the last half-year go, month by month?',
    tool: 'query_database',
    arguments: {
      query: `SELECT strftime('%Y-%m', ordered_at) AS month,
       count(*) AS orders,
       count(DISTINCT customer_id) AS customers,
       sum(total_cents) / 100 AS revenue_eur
FROM orders
WHERE ordered_at BETWEEN '2026-06-01' AND '2026-11-30'
  AND lower(status) <> 'cancelled'
GROUP BY month
ORDER BY month`,
    },
  },
  {
    question: 'Which products earned us the most this year?',
    tool: 'query_database',
    arguments: {
      query: `SELECT p.name AS product, c.name AS category,
       sum(i.quantity) AS sold,
       sum(i.line_cents) / 100 AS revenue_eur,
       sum(i.line_cents - i.quantity * p.cost_cents) / 100 AS margin_eur
FROM order_items AS i
JOIN orders AS o ON o.id = i.order_id
JOIN products AS p ON p.id = i.product_id
JOIN categories AS c ON c.id = p.category_id
WHERE o.ordered_at >= '2026-01-01' AND lower(o.status) <> 'cancelled'
GROUP BY p.id
ORDER BY margin_eur DESC
LIMIT 5`,
    },
  },
  {
    question: 'What is the total of every order? (A model guesses the name of a column.)',
    tool: 'query_database',
    arguments: { query: 'SELECT total FROM orders' },
    error: 'unknown_column',
  },
  {
    question: 'Can we start afresh and empty the orders?',
    tool: 'query_database',
    arguments: { query: 'DELETE FROM orders' },
    error: 'statement_refused',
  },
]
