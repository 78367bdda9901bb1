import type { Tool } from '../../tools/tool.ts'

/** The name that figures and spans know a tool by; callers can make no new ones. */
export const toolName = ({ name, isMissing }: Tool): string => (isMissing ? 'other' : name)
