import { readFile } from 'node:fs/promises'
import { parse, type ParseError } from 'jsonc-parser'
import * as z from 'zod'
import { AppError } from '../../base/error.ts'
import type { ServerSpec } from './server-spec.ts'

const texts = z.record(z.string(), z.string())

/** An entry as Claude Desktop, Claude Code and others write it; what else stands there is theirs. */
const entrySchema = z.union([
  z.object({
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: texts.default({}),
    cwd: z.string().optional(),
  }),
  z.object({ url: z.url({ protocol: /^https?$/ }), headers: texts.default({}) }),
])

const fileSchema = z.object({ mcpServers: z.record(z.string().min(1), z.unknown()) })

/**
 * The servers of a `.mcp.json` or of Claude Desktop's configuration. Such a file says how a server is
 * reached and nothing of what its tools may do: it often comes with a project that somebody else wrote.
 * @throws AppError `config_invalid`
 */
export async function readServersFile(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ServerSpec[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw broken('The file of servers cannot be read.', { path, cause })
  })
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const file = fileSchema.safeParse(value)
  if (errors.length > 0 || !file.success) {
    throw broken('The file of servers is no JSON with a map `mcpServers`.', { path })
  }
  return Object.entries(file.data.mcpServers).map(([name, entry]) => toSpec(name, entry, env))
}

function toSpec(
  name: string,
  written: unknown,
  env: Readonly<Record<string, string | undefined>>,
): ServerSpec {
  const entry = entrySchema.safeParse(fillIn(written, env, name))
  if (!entry.success) {
    throw broken(`The server ${name} needs a command or a URL.`, {
      hint: 'Write {"command": "npx", "args": […]} or {"url": "https://…"}.',
    })
  }
  if ('url' in entry.data) return { name, reach: { kind: 'http', ...entry.data } }
  return { name, reach: { kind: 'stdio', ...entry.data } }
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** `${NAME}` and `${NAME:-otherwise}` in every text, as Claude Code has them. */
function fillIn(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): unknown {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string'
      ? inner.replaceAll(variable, (_all, key: string, otherwise: string | undefined) => {
          const filled = env[key] ?? otherwise
          if (filled === undefined) {
            throw broken(`The server ${name} needs the variable ${key}, which is not set.`, {})
          }
          return filled
        })
      : inner,
  )
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}

const broken = (
  message: string,
  { path, ...options }: { path?: string; hint?: string; cause?: unknown },
): AppError =>
  new AppError('config_invalid', message, {
    hint: 'Mend the file of servers.',
    detail: path,
    ...options,
  })
