/** The tables of the sample shop, in an order in which each refers only to those above it. */
export const tables = `
CREATE TABLE countries (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  region TEXT NOT NULL,
  vat_percent REAL NOT NULL CHECK (vat_percent BETWEEN 0 AND 50)
);

CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,   -- personal
  phone TEXT,                   -- personal
  birth_date TEXT,              -- personal
  country_code TEXT REFERENCES countries (code),
  city TEXT,
  marketing_consent INTEGER NOT NULL DEFAULT 0 CHECK (marketing_consent IN (0, 1)),
  created_at TEXT NOT NULL      -- UTC
);

CREATE TABLE categories (
  id INTEGER PRIMARY KEY,
  parent_id INTEGER REFERENCES categories (id),
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  category_id INTEGER NOT NULL REFERENCES categories (id),
  price_cents INTEGER NOT NULL CHECK (price_cents > 0),
  cost_cents INTEGER CHECK (cost_cents > 0),
  margin_cents INTEGER GENERATED ALWAYS AS (price_cents - cost_cents) VIRTUAL,
  attributes TEXT NOT NULL CHECK (json_valid(attributes)),   -- JSON: color, material, weight_g
  launched_at TEXT NOT NULL,
  discontinued_at TEXT
);

CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  status TEXT NOT NULL
    CHECK (lower(status) IN ('new', 'paid', 'shipped', 'delivered', 'cancelled')),
  ordered_at TEXT NOT NULL,     -- UTC
  shipped_at TEXT,
  shipping_cents INTEGER NOT NULL DEFAULT 0,
  total_cents INTEGER NOT NULL, -- EUR, with shipping, after discounts
  coupon TEXT
);

CREATE TABLE order_items (
  order_id INTEGER NOT NULL REFERENCES orders (id),
  line_number INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL CHECK (quantity <> 0),
  unit_price_cents INTEGER NOT NULL,
  discount_cents INTEGER NOT NULL DEFAULT 0,
  line_cents INTEGER GENERATED ALWAYS AS (quantity * unit_price_cents - discount_cents) VIRTUAL,
  PRIMARY KEY (order_id, line_number)
) WITHOUT ROWID;

CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders (id),
  method TEXT NOT NULL CHECK (method IN ('card', 'paypal', 'transfer', 'invoice')),
  amount_cents INTEGER NOT NULL,
  provider_reference TEXT NOT NULL UNIQUE,
  reference_number INTEGER NOT NULL,   -- the bank's, beyond 2^53
  card_last4 TEXT CHECK (length(card_last4) = 4),
  paid_at TEXT NOT NULL
);

CREATE TABLE refunds (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payments (id),
  amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
  reason TEXT NOT NULL,
  refunded_at TEXT NOT NULL
);

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  written_at TEXT NOT NULL
);

CREATE TABLE support_tickets (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  order_id INTEGER REFERENCES orders (id),
  subject TEXT NOT NULL,
  priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high')),
  opened_at TEXT NOT NULL,
  closed_at TEXT
);

CREATE VIEW monthly_revenue AS
  SELECT strftime('%Y-%m', ordered_at) AS month, count(*) AS orders, sum(total_cents) AS revenue_cents
  FROM orders WHERE lower(status) <> 'cancelled' GROUP BY month;

CREATE VIRTUAL TABLE review_search USING fts5 (
  title, body, content = 'reviews', content_rowid = 'id'
);
`

/** Made when the rows are in: quicker than keeping them up to date row by row. */
export const indexes = `
CREATE INDEX customers_country ON customers (country_code);
CREATE INDEX products_category ON products (category_id);
CREATE INDEX orders_customer ON orders (customer_id, ordered_at);
CREATE INDEX orders_ordered_at ON orders (ordered_at);
CREATE INDEX orders_open ON orders (status) WHERE status IN ('new', 'paid');
CREATE INDEX order_items_product ON order_items (product_id);
CREATE INDEX payments_order ON payments (order_id);
CREATE INDEX refunds_payment ON refunds (payment_id);
CREATE INDEX reviews_product ON reviews (product_id, rating);
CREATE INDEX support_tickets_customer ON support_tickets (customer_id);
`

/** Columns that tell who somebody is: the ones a config would mask. */
export const personalColumns = [
  'customers.email',
  'customers.phone',
  'customers.birth_date',
] as const
