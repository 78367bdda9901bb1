import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startChangedApi, writeBillingConfig } from '../support/changed-api.ts'
import { vitrine } from '../support/command.ts'
import { runHere } from '../support/command-here.ts'
import { fixturePath } from '../support/tls-proxy.ts'

const refund = ['refund', '--order', 'R-1', '--cents', '5']

test('vitrine call asks in the same words, and sends it with --yes alone', async () => {
  const api = await startChangedApi()
  const config = writeBillingConfig(api.url)
  const asked = await vitrine(['call', config, ...refund])
  expect(asked.code).not.toBe(0)
  expect(asked.stdout + asked.stderr).toMatch(/not_confirmed|has to confirm/)
  expect(api.received).toEqual([])
  const sent = await vitrine(['call', config, ...refund, '--yes'])
  expect(JSON.parse(sent.stdout)).toEqual({ status: 201, data: { id: 7 }, truncated: false })
  expect(api.received.map(({ method, body }) => [method, body])).toEqual([
    ['POST', '{\n  "cents": 5\n}'],
  ])
})

test('vitrine doctor names the tools that may change something at an API, and sends none of them', async () => {
  const api = await startChangedApi((response) => response.end())
  const { stdout } = await runHere(['doctor', writeBillingConfig(api.url)])
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'refund, cancel may change something there, each call once a person has confirmed it.',
  )
  expect(new Set(api.received.map(({ method }) => method))).toEqual(new Set(['HEAD']))
})

test('over TLS nothing is sent to whom the certificate does not vouch for', async () => {
  const sent: string[] = []
  const server = createServer(
    { key: readFileSync(fixturePath('server.key')), cert: readFileSync(fixturePath('server.crt')) },
    (request, response) => {
      sent.push(`${request.method} ${request.url}`)
      response.writeHead(201).end()
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const args = ['call', writeBillingConfig(`https://localhost:${port}`), ...refund, '--yes']
  const { stdout, stderr } = await vitrine(args)
  expect(stdout + stderr).toMatch(/source_unavailable: unable to verify/)
  expect(sent).toEqual([])
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: fixturePath('authority.crt') }
  expect(JSON.parse((await vitrine(args, { env })).stdout)).toMatchObject({ status: 201 })
  expect(sent).toEqual([expect.stringMatching(/^POST \/v2\/orders\/R-1\/refunds/)])
})
