-- The support desk: a PostgreSQL of its own.
CREATE TABLE tickets (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL,
  subject text NOT NULL,
  priority text NOT NULL CHECK (priority IN ('low', 'normal', 'urgent')),
  opened_at timestamptz NOT NULL,
  closed_at timestamptz
);
CREATE TABLE messages (
  ticket_id integer NOT NULL REFERENCES tickets,
  author text NOT NULL,
  body text NOT NULL,
  written_at timestamptz NOT NULL
);
CREATE TABLE staff (name text NOT NULL, salary_cents integer NOT NULL);
INSERT INTO tickets VALUES
  (1, 17, 'Where is my parcel?', 'urgent', '2026-11-20 08:12+00', NULL),
  (2, 4, 'Wrong size', 'normal', '2026-11-21 14:40+00', NULL),
  (3, 17, 'Invoice twice', 'low', '2026-11-02 10:00+00', '2026-11-03 09:30+00');
INSERT INTO messages VALUES
  (1, 'customer', 'It should have been here on Tuesday.', '2026-11-20 08:12+00'),
  (1, 'desk', 'We are asking the carrier.', '2026-11-20 09:05+00'),
  (2, 'customer', 'I ordered M and got XL.', '2026-11-21 14:40+00');
INSERT INTO staff VALUES ('Ana', 5000000);
