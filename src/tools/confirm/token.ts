import type { InputSchema, Tool } from '../tool.ts'

/** The argument that confirms a call where nobody can be asked. */
const argument = 'confirm_token'

/** What was given besides the token, and the token. */
export function takeToken(given: unknown): { readonly given: unknown; readonly token?: string } {
  if (typeof given !== 'object' || given === null || !Object.hasOwn(given, argument))
    return { given }
  const { [argument]: token, ...rest } = given as Readonly<Record<string, unknown>>
  // What is no text confirms nothing: it is refused like any other wrong one.
  return { given: rest, token: typeof token === 'string' ? token : '' }
}

/** The tool as it is listed where tokens are taken. */
export function withToken(tool: Tool): Tool {
  if (tool.effect === undefined) return tool
  const properties = tool.inputSchema['properties'] as InputSchema
  const inputSchema = { ...tool.inputSchema, properties: { ...properties, [argument]: schema } }
  return { ...tool, inputSchema }
}

const schema = {
  type: 'string',
  description:
    'Leave it out. Where nobody can be asked, the first call changes nothing and gives confirm.token: tell the person confirm.summary, and once they agree call again with the same arguments and this token.',
}
