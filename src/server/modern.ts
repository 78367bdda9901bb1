/** The revision whose requests carry all they need, and how it words a result. */
import { version } from '../base/version.ts'

export const modernRevision = '2026-07-28'

const serverInfo = 'io.modelcontextprotocol/serverInfo'

/** A whole result, which says whose it is. */
export const toModernResult = (
  result: object,
  name: string,
): Readonly<Record<string, unknown>> => ({
  ...result,
  resultType: 'complete',
  _meta: { [serverInfo]: { name, version } },
})
