import { readFileSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const fixturePath = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url))

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest */
const tlsRequest = 80_877_103

/** PostgreSQL behind TLS with a certificate for `localhost`, or behind a server that offers none. */
export class TlsProxy {
  encrypted = 0
  plain = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  static async before(
    target: { readonly host: string; readonly port: number },
    { offersTls = true }: { readonly offersTls?: boolean } = {},
  ): Promise<TlsProxy> {
    const proxy = new TlsProxy(target, offersTls)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => proxy.close())
    return proxy
  }

  private constructor(target: { host: string; port: number }, offersTls: boolean) {
    this.#server = createServer((socket) => {
      this.#keep(socket)
      socket.once('data', (first) => {
        const asksForTls = first.length === 8 && first.readUInt32BE(4) === tlsRequest
        if (!asksForTls) {
          this.plain++
          this.#join(socket, target, first)
        } else if (offersTls) {
          this.encrypted++
          socket.write('S')
          this.#join(this.#encrypt(socket), target)
        } else {
          socket.write('N')
        }
      })
    })
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #encrypt(socket: Socket): Socket {
    const secure = new TLSSocket(socket, {
      isServer: true,
      key: readFileSync(fixturePath('server.key')),
      cert: readFileSync(fixturePath('server.crt')),
    })
    return this.#keep(secure)
  }

  #join(inner: Socket, { host, port }: { host: string; port: number }, first?: Buffer): void {
    const outer = this.#keep(createConnection(port, host))
    if (first !== undefined) outer.write(first)
    inner.pipe(outer).pipe(inner)
    inner.on('close', () => outer.destroy())
    outer.on('close', () => inner.destroy())
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket)
    return socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket))
  }
}
