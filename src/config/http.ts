/** The `http` section: where the server listens, and what it takes from whom. */
import { z } from 'zod'
import { authSchema, toAuth } from './auth.ts'
import { listenPattern } from './listen-pattern.ts'
import { duration } from './quantity.ts'
import { defaultHttp, type HttpConfig } from './config.ts'

const hostPattern = /^[a-z0-9.-]+$|^\[[0-9a-f:.]+\]$/i
const originPattern = /^https?:\/\/[^/\s]+$/i

const keysSchema = z.strictObject({
  listen: z
    .string()
    .regex(listenPattern, 'expected a host and a port, such as 127.0.0.1:8080')
    .meta({
      description:
        'Address and port. Without `auth` only an address of this machine itself is taken.',
      default: defaultHttp.listen,
      examples: ['127.0.0.1:8080', '0.0.0.0:8080'],
    })
    .optional(),
  url: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    .meta({
      description: 'The URL of /mcp as clients type it: where a proxy stands in front.',
      examples: ['https://data.example/mcp'],
    })
    .optional(),
  hosts: z
    .array(z.string().regex(hostPattern, 'expected a host name without a port'))
    .meta({
      description:
        'Host names that requests may come for, besides that of `url` and this machine itself.',
      examples: [['data.internal']],
    })
    .optional(),
  origins: z
    .array(z.string().regex(originPattern, 'expected an origin, such as https://app.example'))
    .meta({
      description: 'Web pages that may call from a browser, by origin; none otherwise.',
      examples: [['https://app.example']],
    })
    .optional(),
  legacy_sse: z
    .boolean()
    .meta({
      description: 'Serve clients that know only the retired HTTP+SSE transport, at /sse.',
      default: defaultHttp.legacySse,
    })
    .optional(),
  workers: z
    .int()
    .min(1)
    .max(64)
    .meta({ description: 'Processes that share the port.', default: defaultHttp.workers })
    .optional(),
  metrics: z
    .string()
    .regex(listenPattern, 'expected a host and a port, such as 127.0.0.1:9090')
    .meta({
      description:
        'Address and port that serve figures for Prometheus, at /metrics; not for clients.',
      examples: ['127.0.0.1:9090'],
    })
    .optional(),
  drain: duration([0, 300_000], '0s to 300s, such as 5s')
    .meta({
      description:
        'How long new calls are still taken after the signal to end, while /readyz says draining.',
      default: '5s',
    })
    .optional(),
  auth: authSchema
    .meta({
      description: 'Who may come in; without it, whoever is on this machine.',
      examples: [{ tokens: './tokens.yaml' }],
    })
    .optional(),
})

// Tokens are issued for that URL, and clients compare it: it is not to be guessed.
export const httpSchema = keysSchema.refine(
  ({ url, auth }) => url !== undefined || auth?.jwt === undefined,
  { path: ['url'], error: 'expected the URL of /mcp as clients type it, which auth.jwt needs' },
)

type WrittenHttp = z.output<typeof httpSchema>

/** A relative path is taken from `folder`. */
export const toHttp = (folder: string, written: WrittenHttp = {}): HttpConfig => ({
  listen: written.listen ?? defaultHttp.listen,
  url: written.url,
  hosts: written.hosts ?? defaultHttp.hosts,
  origins: written.origins ?? defaultHttp.origins,
  legacySse: written.legacy_sse ?? defaultHttp.legacySse,
  workers: written.workers ?? defaultHttp.workers,
  metrics: written.metrics,
  drainMs: written.drain ?? defaultHttp.drainMs,
  auth: written.auth && toAuth(written.auth, folder),
})
