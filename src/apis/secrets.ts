/** Shorter texts stand in any answer by chance. */
const shortest = 6

const stars = '***'

/** Takes our own credentials out of what an API says: some echo the headers or the URL of a request. */
export function createHide(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap(formsOf))].filter(({ length }) => length >= shortest)
  const longestFirst = forms.toSorted((one, other) => other.length - one.length)
  return (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, stars), text)
}

/** As it is sent, without its scheme (`Bearer`), as Basic holds it (RFC 7617), and as a URL spells each. */
function formsOf(secret: string): string[] {
  const [scheme = '', ...rest] = secret.trim().split(/\s+/)
  const pair = /^basic$/i.test(scheme) ? Buffer.from(rest[0] ?? '', 'base64').toString('utf8') : ''
  const password = pair.slice(pair.indexOf(':') + 1)
  const plain = [secret, ...(rest.length > 0 ? rest : []), pair, password]
  return plain.flatMap((text) => [
    text,
    encodeURIComponent(text),
    new URLSearchParams({ '': text }).toString().slice(1),
  ])
}
