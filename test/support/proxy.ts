import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A TCP proxy that can be made to fail as networks do. */
export class Proxy {
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #dead = false
  #most = Number.POSITIVE_INFINITY

  static async before(host: string, port: number): Promise<Proxy> {
    const proxy = new Proxy(host, port)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => proxy.close())
    return proxy
  }

  private constructor(host: string, port: number) {
    this.#server = createServer((inner) => {
      const outer = createConnection(port, host)
      const pair = [inner, outer] as const
      this.#pairs.add(pair)
      for (const socket of pair) {
        socket.on('error', () => undefined)
        socket.on('close', () => this.#end(pair))
      }
      inner.on('data', (bytes) => this.#dead || outer.write(bytes))
      outer.on('data', (bytes) => this.#forward(pair, bytes))
    })
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** Connections are cut once this many more bytes have come from the server. */
  cutAfter(bytes: number): void {
    this.#most = bytes
  }

  /** Nothing goes through any more, and nobody is told. */
  freeze(): void {
    this.#dead = true
  }

  /** Nothing goes through the connections there are; new ones work. */
  silence(): void {
    for (const [inner, outer] of this.#pairs) {
      for (const socket of [inner, outer]) socket.removeAllListeners('data').resume()
    }
  }

  mend(): void {
    this.#dead = false
    this.#most = Number.POSITIVE_INFINITY
  }

  /** Every connection is cut at once. */
  cut(): void {
    for (const pair of this.#pairs) this.#end(pair)
  }

  close(): void {
    this.cut()
    this.#server.close()
  }

  #forward(pair: readonly [Socket, Socket], bytes: Buffer): void {
    if (this.#dead) return
    this.#most -= bytes.length
    if (this.#most < 0) this.cut()
    else pair[0].write(bytes)
  }

  #end(pair: readonly [Socket, Socket]): void {
    this.#pairs.delete(pair)
    for (const socket of pair) socket.destroy()
  }
}
