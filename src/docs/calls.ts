/** How a tool is called: by a client, over HTTP, and from a terminal. */
import type { ServerDescription } from './description.ts'

type Arguments = Readonly<Record<string, unknown>>

/** As a client sends it (MCP: tools/call). */
export const toRequest = (tool: string, given: Arguments, indent?: number): string =>
  JSON.stringify(
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: given } },
    undefined,
    indent,
  )

/** For a POSIX shell. */
export function toCurl(
  tool: string,
  given: Arguments,
  { url, needsToken }: Pick<ServerDescription, 'url' | 'needsToken'>,
): string {
  return [
    `curl ${inShell(url)} \\`,
    ...(needsToken ? ['  -H "Authorization: Bearer $TOKEN" \\'] : []),
    "  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\",
    `  -d ${quoted(toRequest(tool, given))}`,
  ].join('\n')
}

/** `vitrine call`, each argument an option where that says the same. */
export function toCommand(tool: string, given: Arguments, target: string): string {
  const start = ['vitrine', 'call', inShell(target), tool]
  const options = Object.entries(given).map(([key, value]) => toOptions(key, value))
  const isSimple = options.every((one) => one !== undefined)
  return isSimple
    ? [...start, ...options.flat()].join(' ')
    : [...start, '--json-args', quoted(JSON.stringify(given))].join(' ')
}

/** Options that the command has of its own. */
const taken = ['json', 'json-args', 'help']

function toOptions(key: string, value: unknown): string[] | undefined {
  if (!/^[a-z_][\w-]*$/i.test(key) || taken.includes(key)) return undefined
  const values = Array.isArray(value) ? (value as unknown[]) : [value]
  if (values.length === 0 || values.some((one) => typeof one === 'object')) return undefined
  return values.map((one) => {
    const text = String(one)
    return /^$|^-/.test(text) ? `--${key}=${inShell(text)}` : `--${key} ${inShell(text)}`
  })
}

/** In quotes where the shell would read it otherwise. */
const inShell = (text: string): string => (/^[\w./:@%+,-]+$/.test(text) ? text : quoted(text))

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
