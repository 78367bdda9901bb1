import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { toExchange } from '../../dist/transports/http/exchange.js'
import { passOn } from '../../dist/transports/http/web.js'

/** An answer whose stream fails before anybody reads it. */
const failed = (): Response =>
  new Response(new ReadableStream({ start: (controller) => controller.error(new Error('gone')) }))

test('an answer that fails after its client has gone is nobody else’s failure', async () => {
  const passed = new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const answering = passOn(toExchange(request, response), '', async () => {
        response.destroy()
        return failed()
      })
      answering.then(resolve, reject)
    })
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      fetch(`http://127.0.0.1:${port}/mcp`).catch(() => undefined)
    })
  })
  // A rejection that nobody takes fails the run, as it would end the server.
  expect(await passed).toBeUndefined()
})
