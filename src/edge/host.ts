import { isIP } from 'node:net'
import { AppError } from '../base/error.ts'
import type { Arrival } from './door.ts'

/** Names of this machine itself, as a Host header or an origin spells them. */
const loopback = ['localhost', '127.0.0.1', '[::1]']

export interface HostOptions {
  /** Host names besides those of this machine itself, without ports. */
  readonly hosts: readonly string[]
  /** Origins of web pages that may call, whole: `https://app.example`. */
  readonly origins: readonly string[]
}

/**
 * Refuses what was not meant for this server: a page of another site that had its name resolved to
 * our address (DNS rebinding), or that calls from a browser without leave. Other clients than
 * browsers send no Origin (MCP: transports, security).
 *
 * @throws AppError `not_allowed`
 */
export function createHostCheck({ hosts, origins }: HostOptions): (arrival: Arrival) => void {
  const names = new Set([...loopback, ...hosts.map((host) => host.toLowerCase())])
  const pages = new Set(origins.map((origin) => origin.toLowerCase()))
  return (arrival) => {
    const host = hostNameOf(arrival.header('host'))
    if (host === undefined || !(names.has(host) || isAddress(host)))
      throw wrong('This server is not called that.')
    const origin = arrival.header('origin')?.toLowerCase()
    if (origin !== undefined && !pages.has(origin) && !isLoopback(origin))
      throw wrong('Pages of this origin may not call.')
  }
}

/** `Name:8080` → `name` (RFC 9110 §7.2). */
const hostNameOf = (host: string | undefined): string | undefined =>
  /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase()

/** Nobody's name was resolved then: so ask kubelets and load balancers. */
const isAddress = (host: string): boolean => isIP(host.replaceAll(/^\[|\]$/g, '')) !== 0

const isLoopback = (origin: string): boolean => {
  const [, host] = /^https?:\/\/(.+)$/.exec(origin) ?? []
  return loopback.includes(hostNameOf(host) ?? '')
}

const wrong = (message: string): AppError =>
  new AppError('not_allowed', message, {
    hint: 'Whoever runs it adds the name to http.hosts, or the page to http.origins.',
  })
