import { type Answer, type CallContext, readOnly, type Subject, type Tool } from './tool.ts'

/**
 * A question that is no call of a tool, as one: it passes the same gates, and counts in limits and record
 * under that name. Nobody sees it in the list of tools.
 */
export const asCall = (
  name: string,
  subject: Subject,
  run: (context: CallContext) => Promise<Answer>,
): Tool => ({
  name,
  title: name,
  description: '',
  inputSchema: { type: 'object' },
  annotations: readOnly,
  subject: () => subject,
  run: (_arguments, context) => run(context),
})
