import { appendFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WhenDone } from '../../dist/testing/index.js'

/** Stands before a server of HTTP and writes every call that reaches it to a file. */
export async function startRecordingProxy(
  target: URL,
  log: string,
  whenDone: WhenDone,
): Promise<string> {
  const proxy = createServer((from, to) => {
    const chunks: Buffer[] = []
    from.on('data', (chunk: Buffer) => chunks.push(chunk))
    from.on('end', () => {
      const body = Buffer.concat(chunks)
      if (body.includes('"tools/call"')) appendFileSync(log, `${body.toString()}\n`)
      const { method, headers } = from
      const onward = request(target, { method, headers: { ...headers, host: target.host } })
      onward.on('response', (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(to)
      })
      onward.on('error', () => to.destroy())
      to.on('close', () => onward.destroy())
      onward.end(body)
    })
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  whenDone(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const { port } = proxy.address() as AddressInfo
  return `http://127.0.0.1:${port}${target.pathname}`
}
