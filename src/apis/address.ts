import { BlockList, isIP } from 'node:net'

/** Which addresses besides public ones an API may have: none, those of private networks, or these ranges. */
export type PrivateAddresses = 'none' | 'private' | readonly string[]

/** Address and, for a range, its bits: `10.1.0.0/16`, `::1`. */
const rangePattern = /^([^/\s]+)(?:\/(\d{1,3}))?$/

/** IANA IPv4 special-purpose registry, and multicast: nothing here is a host of the internet. */
const special = toList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
])

/** What IANA gives out of IPv6 (global unicast), and what of it is special all the same: tunnels, documentation. */
const globalUnicast = toList(['2000::/3'])
const specialUnicast = toList(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

/** What `private_addresses: true` opens: this machine and its networks, never link-local or multicast addresses. */
const privateNetworks = toList([
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '::1',
  'fc00::/7',
])

/** Metadata services of clouds that have an address in such a network: their answers hold credentials. */
const metadata = toList(['100.100.100.200', 'fd00:ec2::254', 'fd20:ce::254'])

/** Says of an address, as the system writes it, whether it may be connected to. */
export function createAddressCheck(opened: PrivateAddresses): (address: string) => boolean {
  const named = typeof opened === 'string' ? new BlockList() : toList(opened)
  return (written) => {
    const address = withoutTunnel(written.replace(/%.*$/, ''))
    if (isPublic(address) || isIn(named, address)) return true
    return opened === 'private' && isIn(privateNetworks, address) && !isIn(metadata, address)
  }
}

/** True for an address, or a range of more than no bits. */
export function isRange(written: string): boolean {
  const [, address = '', bits] = rangePattern.exec(written) ?? []
  const version = isIP(address)
  if (version === 0) return false
  return bits === undefined || (Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
}

function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !isIn(special, address)
  return isIn(globalUnicast, address) && !isIn(specialUnicast, address)
}

/** The IPv4 address that an IPv6 one stands for: mapped (RFC 4291 §2.5.5.2), or behind NAT64 (RFC 6052 §2.1). */
function withoutTunnel(address: string): string {
  if (isIP(address) !== 6) return address
  const normal = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [, high = '0', low] =
    /^(?:::ffff|64:ff9b:):(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(normal) ?? []
  if (low === undefined) return normal
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.')
}

function isIn(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

function toList(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [, address = '', bits] = rangePattern.exec(range) ?? []
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return list
}
