import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { type Actor, type Allowed, allows } from '../../base/actor.ts'
import type { Arrival } from '../door.ts'
import type { ProxyOptions } from './options.ts'
import { noCredentials } from './refusal.ts'

/** Whom a proxy vouches for; undefined where it does not, so that a token may. */
export type Voucher = (arrival: Arrival) => Actor | undefined

/** Believes the headers of the peers that are named, and of nobody else. */
export function createVoucher(options: ProxyOptions): Voucher {
  const { actorHeader, toolsHeader, secretHeader, secret, grant } = options
  const peers = toPeers(options.from)
  const nameOf = (arrival: Arrival): string => arrival.header(actorHeader.toLowerCase()) ?? ''
  return (arrival) => {
    const name = nameOf(arrival)
    if (name === '' || !isPeer(peers, arrival.address)) return undefined
    if (secret !== undefined && !isSame(arrival.header(secretHeader.toLowerCase()), secret))
      return undefined
    // Two headers of one name come joined by a comma: one of them is not the proxy's.
    if (!namePattern.test(name)) throw noCredentials()
    const tools =
      toolsHeader === undefined
        ? grant.tools
        : narrow(grant.tools, arrival.header(toolsHeader.toLowerCase()))
    return { id: `proxy:${name}`, claims: { sub: name }, tools, sources: grant.sources }
  }
}

const namePattern = /^[\x21-\x2b\x2d-\x7e]{1,200}$/

/** `10.0.0.0/8` or one address. */
function toPeers(from: readonly string[]): BlockList {
  const peers = new BlockList()
  for (const text of from) {
    const [address = '', bits] = text.split('/')
    const family = familyOf(address)
    if (family === undefined) continue
    if (bits === undefined) peers.addAddress(address, family)
    else peers.addSubnet(address, Number(bits), family)
  }
  return peers
}

/** An IPv4 address may come written as IPv6, which the list takes for the same. */
function isPeer(peers: BlockList, address: string): boolean {
  const [plain = ''] = address.split('%')
  const family = familyOf(plain)
  return family !== undefined && peers.check(plain, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  if (version === 0) return undefined
  return version === 4 ? 'ipv4' : 'ipv6'
}

/** Hashes have one length, as the comparison wants it, and tell nothing of where two texts differ. */
const isSame = (sent: string | undefined, secret: string): boolean =>
  sent !== undefined && timingSafeEqual(digest(sent), digest(secret))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** No header, no tools. */
const narrow = (tools: Allowed, header: string | undefined): Allowed =>
  (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && allows(tools, name))
