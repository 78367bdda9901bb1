/** The billing service of the example: three routes and a token. */
import { createServer } from 'node:http'

const invoices = [
  {
    number: 'R-1003',
    customer_id: 17,
    total_cents: 4990,
    paid: false,
    overdue_days: 12,
    lines: [{ text: 'Lamp', cents: 4990 }],
    iban: 'DE00',
  },
  {
    number: 'R-1002',
    customer_id: 4,
    total_cents: 1290,
    paid: true,
    overdue_days: 0,
    lines: [{ text: 'Cup', cents: 1290 }],
    iban: 'DE01',
  },
  {
    number: 'R-1001',
    customer_id: 17,
    total_cents: 2500,
    paid: true,
    overdue_days: 0,
    lines: [{ text: 'Rug', cents: 2500 }],
    iban: 'DE00',
  },
]

/** Listens on a free port of this machine; gives its URL, the reminders that it was told to send, and what ends it. */
export function startBilling(token) {
  const reminders = []
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    const send = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (request.headers.authorization !== `Bearer ${token}`)
      return send(401, { error: 'Who are you?' })
    if (pathname === '/invoices') {
      const matches =
        (key) =>
        ({ [key]: value }) =>
          !searchParams.has(key) || String(value) === searchParams.get(key)
      return send(200, invoices.filter(matches('customer_id')).filter(matches('paid')))
    }
    const [, reminded] = /^\/invoices\/([^/]+)\/reminders$/.exec(pathname) ?? []
    if (request.method === 'POST' && invoices.some(({ number }) => number === reminded)) {
      const { text } = JSON.parse(Buffer.concat(await request.toArray()).toString())
      reminders.push({ number: reminded, text })
      return send(201, { reminder: reminders.length })
    }
    const found = invoices.find(({ number }) => pathname === `/invoices/${number}`)
    return found === undefined ? send(404, { error: 'No such invoice' }) : send(200, found)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        reminders,
        end: () => server.close(),
      }),
    )
  })
}
