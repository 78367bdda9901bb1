import type { Tool } from '../../tools/tool.ts'

/** The name that figures and spans know a tool by; callers can make no new ones. */
export const toolName = ({ name, isMissing }: Tool): string => (isMissing ? 'other' : name)

/** Of the protocol; one of a handful. */
export const methodOf = ({ method = 'tools/call' }: Tool): string => method
