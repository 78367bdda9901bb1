import { writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { scratchFolder } from './scratch.ts'
import { openWritingApp, type WritingApp } from './writing.ts'

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Answer = (response: ServerResponse, received: Received) => void

/** An API that remembers whatever was sent to it, bodies whole, and answers as it is told. */
export async function startChangedApi(
  answer: Answer = (response) =>
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":7}'),
): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() }
      received.push(one)
      return answer(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

export const secret = 'sesame-open-9'

export const refundTools = `
  refund:
    description: Refunds an order, in part or whole.
    source: billing
    effect: write
    request: POST /orders/{order}/refunds
    parameters:
      order: { type: string, maxLength: 200 }
      cents: { type: integer, minimum: 1 }
      reason: { type: string, optional: true }
      note: { type: [string, 'null'], optional: true }
      lines: { type: array, items: { type: object }, optional: true }
      trace: { type: string, in: header, as: X-Trace, optional: true }
      notify: { type: boolean, in: query, optional: true }
  cancel:
    description: Cancels a refund.
    source: billing
    effect: write
    request: DELETE /refunds/{id}
    parameters: { id: { type: integer } }
`

export interface BillingConfig {
  readonly tools?: string
  /** Further keys of the source, and further sections. */
  readonly source?: string
  readonly more?: string
}

export function writeBillingConfig(
  url: string,
  { tools = refundTools, source = '', more = '' }: BillingConfig = {},
): string {
  const path = join(scratchFolder(), 'vitrine.yaml')
  writeFileSync(
    path,
    `claims: { sub: ana, tenant: acme-77 }
sources:
  billing:
    url: ${url}/v2
    private_addresses: true
    writable: true
    headers: { Authorization: 'Bearer ${secret}', X-User: '{claim:sub}' }
    query: { api_key: ${secret}-2, lang: en }
${source}
tools:${tools}
${more}
`,
  )
  return path
}

export const openBilling = (url: string, config?: BillingConfig): Promise<WritingApp> =>
  openWritingApp(writeBillingConfig(url, config))
