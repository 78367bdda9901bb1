/** What every source suite asks questions of; plain enough for any engine to create. */
export const sampleShop: readonly string[] = [
  'CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, email VARCHAR(100))',
  `CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, customer_id INTEGER, total DECIMAL(10,2),
   status VARCHAR(20), ordered_at DATE, FOREIGN KEY (customer_id) REFERENCES customers(id))`,
  "INSERT INTO customers VALUES (1, 'Ada', 'ada@shop.example'), (2, 'Çelik 山 😀', NULL)",
  `INSERT INTO orders VALUES (1, 1, 10.50, 'paid', '2026-01-05'), (2, 1, 20, 'new', '2026-02-06'),
   (3, 2, 5, 'paid', '2026-02-07')`,
  'CREATE VIEW order_counts AS SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id',
  'CREATE VIEW addresses AS SELECT id, email FROM customers',
]
