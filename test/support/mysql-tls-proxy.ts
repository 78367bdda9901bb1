import { readFileSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { fixturePath } from './tls-proxy.ts'

/** https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html */
const clientSsl = 0x0800
/** A header of four, and capabilities, sizes and zeros. */
const requestBytes = 36

/**
 * A server without TLS behind a certificate for `localhost`. TLS takes a packet of its own before the
 * login, so the numbers of the login's packets are moved by one.
 */
export class MysqlTlsProxy {
  encrypted = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  static async before(port: number): Promise<MysqlTlsProxy> {
    const proxy = new MysqlTlsProxy(port)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => proxy.close())
    return proxy
  }

  private constructor(port: number) {
    this.#server = createServer((near) => {
      const far = this.#keep(createConnection(port, '127.0.0.1'))
      this.#keep(near).on('close', () => far.destroy())
      far.on('close', () => near.destroy())
      far.once('data', (greeting) => {
        far.pause()
        near.write(offerTls(greeting))
        near.once('data', (request) => {
          // The client begins TLS without waiting for an answer.
          near.pause()
          if (request.length > requestBytes) near.unshift(request.subarray(requestBytes))
          this.#encrypt(near, far)
        })
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

  #encrypt(near: Socket, far: Socket): void {
    const secure = new TLSSocket(near, {
      isServer: true,
      key: readFileSync(fixturePath('server.key')),
      cert: readFileSync(fixturePath('server.crt')),
    })
    this.#keep(secure).once('secure', () => this.encrypted++)
    secure.once('data', (login) => {
      far.write(asPlainLogin(login))
      far.once('data', (answer) => {
        secure.write(numbered(answer, 1))
        far.pipe(secure).pipe(far)
      })
      far.resume()
    })
  }

  #keep<Kept extends Socket>(socket: Kept): Kept {
    this.#sockets.add(socket)
    return socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket))
  }
}

/** The capabilities stand behind version, NUL, thread, eight bytes of salt and a filler. */
function offerTls(greeting: Buffer): Buffer {
  const at = greeting.indexOf(0, 5) + 1 + 4 + 8 + 1
  greeting.writeUInt16LE(greeting.readUInt16LE(at) | clientSsl, at)
  return greeting
}

function asPlainLogin(login: Buffer): Buffer {
  login.writeUInt32LE(login.readUInt32LE(4) & ~clientSsl, 4)
  return numbered(login, -1)
}

/** The packet with its number moved: the fourth byte. */
function numbered(packet: Buffer, by: number): Buffer {
  packet.writeUInt8(packet.readUInt8(3) + by, 3)
  return packet
}
