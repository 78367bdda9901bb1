import { readOnly, type Tool } from '../../dist/tools/tool.js'

/** A tool like any other, of whatever arguments. */
export const define = (name: string, run: Tool['run']): Tool => ({
  name,
  title: name,
  description: 'A fixture of the conformance suite.',
  inputSchema: { type: 'object' },
  annotations: readOnly,
  subject: () => ({}),
  run,
})
