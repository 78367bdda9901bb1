import { connect } from 'node:net'

/** True where something on this machine takes connections at the port. */
export const isReachable = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (answer: boolean) => () => (socket.destroy(), resolve(answer))
    socket.once('connect', end(true)).once('error', end(false)).setTimeout(1000, end(false))
  })
