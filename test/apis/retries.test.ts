import { expect, test } from 'vitest'
import { retryAfterMs } from '../../dist/apis/retry.js'
import { failureOf, get, openApi } from '../support/api.ts'
import { json, startApi } from '../support/api-server.ts'

test.each([429, 502, 503, 504])('after %i the same is asked again', async (status) => {
  let calls = 0
  const server = await startApi((request, response) =>
    json({ calls }, ++calls < 3 ? status : 200)(request, response),
  )
  expect((await get(openApi(server.url))).status).toBe(200)
  expect(server.asked).toHaveLength(3)
})

test.each([400, 401, 404, 500])('after %i it is not', async (status) => {
  const server = await startApi(json({}, status))
  expect((await get(openApi(server.url))).status).toBe(status)
  expect(server.asked).toHaveLength(1)
})

test('three times is enough', async () => {
  const server = await startApi(json({}, 503))
  expect((await get(openApi(server.url))).status).toBe(503)
  expect(server.asked).toHaveLength(3)
})

test('a connection that breaks is made again', async () => {
  let calls = 0
  const server = await startApi((request, response) => {
    calls += 1
    if (calls < 3) request.socket.destroy()
    else response.end()
  })
  expect((await get(openApi(server.url))).status).toBe(200)
})

test('an API that is not there is told so, and why to the person alone', async () => {
  const found = await failureOf(get(openApi('http://127.0.0.1:1')))
  expect(found).toMatchObject({ code: 'source_unavailable', message: 'The API cannot be reached.' })
  expect(found['detail']).toMatch(/ECONNREFUSED/)
  expect(`${String(found['message'])}${String(found['hint'])}`).not.toMatch(/127/)
})

test('an API that wants a pause gets it', async () => {
  const times: number[] = []
  const server = await startApi((_request, response) => {
    times.push(performance.now())
    response.writeHead(times.length === 1 ? 429 : 200, { 'retry-after': '1' }).end()
  })
  expect((await get(openApi(server.url))).status).toBe(200)
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950)
})

test('a pause longer than the call is not waited for', async () => {
  const server = await startApi((_request, response) => {
    response.writeHead(429, { 'retry-after': '3600' }).end()
  })
  expect((await get(openApi(server.url))).status).toBe(429)
  expect(server.asked).toHaveLength(1)
})

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  const after = (written: string) => retryAfterMs({ 'retry-after': written }, now)
  expect(after('7')).toBe(7000)
  expect(after('Thu, 01 Jan 2026 00:00:09 GMT')).toBe(9000)
  expect(after('Wed, 31 Dec 2025 00:00:00 GMT')).toBe(0)
  expect(after('soon')).toBeUndefined()
  expect(retryAfterMs({})).toBeUndefined()
})
