import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../dist/config/load.js'

const inFolder = (path: string): string =>
  fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url))

const env = { SHOP_DATABASE_URL: 'postgres://reader@db.example/shop' }

test('the config that Compose mounts is one that Vitrine reads', async () => {
  const { http, limits, jobs } = await loadConfig(inFolder('config/vitrine.yaml'), env)
  expect(http.auth?.tokens).toBe(inFolder('config/tokens.yaml'))
  expect(limits?.store).toBe('redis://redis:6379')
  expect(jobs.store).toBe('redis://jobs:6379')
})

test('what stops a container waits longer than the server needs to end', async () => {
  const { http } = await loadConfig(inFolder('config/vitrine.yaml'), env)
  const compose = parse(readFileSync(inFolder('compose.yaml'), 'utf8'), { merge: true }) as {
    services: Record<string, { stop_grace_period?: string }>
  }
  const graceMs = Number.parseInt(compose.services['vitrine-1']?.stop_grace_period ?? '', 10) * 1000
  expect(graceMs).toBeGreaterThan(http.drainMs + 15_000)
})

test('nginx of Compose knows the addresses that its replicas keep', () => {
  const { services } = parse(readFileSync(inFolder('compose.yaml'), 'utf8'), { merge: true }) as {
    services: Record<
      string,
      { networks?: { default: { ipv4_address: string } }; extra_hosts?: readonly string[] }
    >
  }
  const servers = readFileSync(inFolder('nginx/vitrine.conf'), 'utf8').matchAll(
    /server ([\w-]+):8080/g,
  )
  const names = new Set(Array.from(servers, ([, name = '']) => name))
  expect(services['nginx']?.extra_hosts).toEqual(
    Array.from(names, (name) => `${name}:${services[name]?.networks?.default.ipv4_address}`),
  )
})
