/**
 * What is wrong in the shop, as in every shop that has been open for a while. Each fault is made by
 * one statement and found by another.
 */
export interface Fault {
  readonly what: string
  readonly make: string
  /** A SELECT that counts the rows at fault. */
  readonly find: string
}

export const faults: readonly Fault[] = [
  {
    what: 'customers of one country under a second code (UK beside GB)',
    make: "UPDATE customers SET country_code = 'UK' WHERE country_code = 'GB' AND id % 4 = 0",
    find: "SELECT count(*) FROM customers WHERE country_code = 'UK'",
  },
  {
    what: 'customers without a country',
    make: 'UPDATE customers SET country_code = NULL WHERE id % 331 = 7',
    find: 'SELECT count(*) FROM customers WHERE country_code IS NULL',
  },
  {
    what: 'cities with trailing blanks',
    make: "UPDATE customers SET city = city || '  ' WHERE id % 97 = 5",
    find: "SELECT count(*) FROM customers WHERE city LIKE '% '",
  },
  {
    what: 'customers twice, their e-mail once with a capital',
    make: `UPDATE customers SET (name, email) = (
        SELECT name, upper(substr(email, 1, 1)) || substr(email, 2)
        FROM customers AS first WHERE first.id = customers.id - 2000)
      WHERE id BETWEEN 2101 AND 2124`,
    find: 'SELECT count(*) - count(DISTINCT lower(email)) FROM customers',
  },
  {
    what: 'products without a cost',
    make: 'UPDATE products SET cost_cents = NULL WHERE id IN (41, 118, 233)',
    find: 'SELECT count(*) FROM products WHERE cost_cents IS NULL',
  },
  {
    what: 'orders whose status has a capital',
    make: `UPDATE orders SET status = upper(substr(status, 1, 1)) || substr(status, 2)
      WHERE id % 521 = 3`,
    find: 'SELECT count(*) FROM orders WHERE status <> lower(status)',
  },
  {
    what: 'delivered orders without a shipping date',
    make: "UPDATE orders SET shipped_at = NULL WHERE status = 'delivered' AND id % 700 < 2",
    find: "SELECT count(*) FROM orders WHERE lower(status) = 'delivered' AND shipped_at IS NULL",
  },
  {
    what: 'orders of an old import, dated day/month/year',
    make: "UPDATE orders SET ordered_at = strftime('%d/%m/%Y', ordered_at) WHERE id <= 60",
    find: "SELECT count(*) FROM orders WHERE ordered_at LIKE '__/__/____'",
  },
  {
    what: 'corrections booked as a negative quantity',
    make: 'UPDATE order_items SET quantity = -1 WHERE order_id % 800 = 7 AND line_number = 2',
    find: 'SELECT count(*) FROM order_items WHERE quantity < 0',
  },
  {
    what: 'order items of a product that is not there',
    make: `UPDATE order_items SET product_id = 9001
      WHERE order_id IN (4242, 9876) AND line_number = 1`,
    find: 'SELECT count(*) FROM order_items WHERE product_id NOT IN (SELECT id FROM products)',
  },
  {
    what: 'reviews with an emoji',
    make: "UPDATE reviews SET body = body || ' 🧡' WHERE id = 1717",
    find: "SELECT count(*) FROM reviews WHERE body LIKE '%🧡%'",
  },
]
