import { type Answer, type CallContext, readOnly, type Subject, type Tool } from './tool.ts'

interface Asked {
  /** What it counts for in limits and record. */
  readonly name: string
  /** Of the protocol. */
  readonly method: string
  readonly subject?: Subject
}

/**
 * A question that is no call of a tool, as one: it passes the same gates. Nobody sees it in the list of
 * tools.
 */
export const asCall = (
  { name, method, subject = {} }: Asked,
  run: (context: CallContext) => Promise<Answer>,
): Tool => ({
  name,
  method,
  title: name,
  description: '',
  inputSchema: { type: 'object' },
  annotations: readOnly,
  subject: () => subject,
  run: (_arguments, context) => run(context),
})
