/** A JSON document of a provider is a few kilobytes. */
const mostBytes = 512 * 1024

/**
 * A JSON document from the address that is given, and no other: a redirect is not followed.
 *
 * @throws whatever went wrong
 */
export async function fetchJson(url: URL, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'error',
    signal,
  })
  const text = await readBody(response)
  if (response.status !== 200) throw new Error(`${url.href} answers ${response.status}`)
  return JSON.parse(text) as unknown
}

async function readBody({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Error(`the answer is larger than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
