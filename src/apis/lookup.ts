import { lookup as lookUpBySystem, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { closedAddress } from './failure.ts'

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

const resolveBySystem: Resolve = (host) =>
  new Promise((resolve, reject) =>
    lookUpBySystem(host, { all: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    ),
  )

/**
 * Name resolution for a socket. The addresses that are checked are those it connects to: a name that
 * leads elsewhere the next time is checked the next time.
 */
export function createLookup(
  isOpen: (address: string) => boolean,
  resolve: Resolve = resolveBySystem,
): LookupFunction {
  const find = async (host: string): Promise<LookupAddress[]> => {
    const addresses = await resolve(host)
    const open = addresses.filter(({ address }) => isOpen(address))
    if (open.length === 0) throw closedAddress(host, addresses[0]?.address)
    return open
  }
  const answer = async (
    ...[host, options, callback]: Parameters<LookupFunction>
  ): Promise<void> => {
    const found = await find(host).catch((error: NodeJS.ErrnoException) => error)
    if (!Array.isArray(found)) callback(found, [])
    else if (options.all === true) callback(null, found)
    else callback(null, found[0]?.address ?? '', found[0]?.family)
  }
  return (...asked) => void answer(...asked)
}

/** A host that is an address is looked up by nobody. @throws AppError where it is closed */
export function refuseClosedAddress(host: string, isOpen: (address: string) => boolean): void {
  const address = host.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) !== 0 && !isOpen(address)) throw closedAddress(host, address)
}
