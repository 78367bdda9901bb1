import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { failureOf, get, openApi } from '../support/api.ts'
import { json, startApi } from '../support/api-server.ts'

const to =
  (location: string, status = 302): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { location }).end()
  }

const credentials = { headers: { Authorization: 'Bearer sesame-open' } }

test.each([301, 302, 303, 307, 308])(
  'a %i below the URL of the API is followed',
  async (status) => {
    const server = await startApi((request, response) =>
      request.url === '/v2/invoices/'
        ? json({ at: request.url })(request, response)
        : to('/v2/invoices/', status)(request, response),
    )
    const response = await get(openApi(`${server.url}/v2`, credentials), '/invoices')
    expect(String(response.body)).toBe('{"at":"/v2/invoices/"}')
    expect(server.asked[1]?.headers.authorization).toBe('Bearer sesame-open')
  },
)

test.each([
  ['another path of its host', '/admin'],
  ['a path that only begins alike', '/v20/invoices'],
  ['a step out', '/v2/../admin'],
  ['a step out in other letters', '/v2/%2e%2e/admin'],
  ['another host', 'http://localhost:1/v2/invoices'],
  ['an address of a cloud', 'http://169.254.169.254/latest/meta-data/'],
  ['a place that servers behind it may read otherwise', '/v2/..%2fadmin'],
  ['no web', 'file:///etc/passwd'],
  ['credentials', 'http://a:b@127.0.0.1/v2/'],
  ['no place', 'http://['],
  ['nothing', ''],
])('a redirect to %s is refused', async (_what, location) => {
  const server = await startApi(to(location))
  const api = openApi(`${server.url}/v2`, credentials)
  const { code, message } = await failureOf(get(api, '/invoices'))
  expect({ code, message }).toEqual({
    code: 'query_failed',
    message: 'The API answers with a redirect that is not followed.',
  })
  expect(server.asked).toHaveLength(1)
})

test('a redirect in a circle ends', async () => {
  const server = await startApi(to('/v2/again'))
  expect(await failureOf(get(openApi(`${server.url}/v2`), '/again'))).toMatchObject({
    code: 'query_failed',
  })
  expect(server.asked).toHaveLength(4)
})

test('a redirect to a host that the config names is followed, without our headers', async () => {
  const files = await startApi(json({ file: true }))
  const server = await startApi(to(`${files.url}/download/7?signature=x`))
  const api = openApi(`${server.url}/v2`, { ...credentials, hosts: [files.url] })
  expect(String((await get(api, '/report')).body)).toBe('{"file":true}')
  expect(files.asked[0]?.headers.authorization).toBeUndefined()
})

test('a named host with a closed address is not connected to', async () => {
  const files = await startApi(json({}))
  const other = files.url.replace('127.0.0.1', '127.0.0.2')
  const server = await startApi(to(`${other}/download`))
  const api = openApi(server.url, { hosts: [other], privateAddresses: ['127.0.0.1'] })
  expect(await failureOf(get(api))).toMatchObject({ code: 'source_unavailable' })
})

test('a redirect with an endless body is not read', async () => {
  const server = await startApi((request, response) => {
    if (request.url !== '/v2/go') return json({})(request, response)
    response.writeHead(302, { location: '/v2/there' })
    const chunk = Buffer.alloc(64_000)
    const write = (): void => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', write)
    write()
  })
  expect((await get(openApi(`${server.url}/v2`), '/go')).status).toBe(200)
})
