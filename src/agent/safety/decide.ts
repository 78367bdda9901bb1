/**
 * May this call run? The whole rule, pure: no clock, no I/O, nothing of what the model or a server says.
 *
 * - destructive: what destroys is confirmed by a person, always.
 * - write_after_untrusted: what changes anything is confirmed once text of others has been read.
 * - egress_of_sensitive: what carries anything out is confirmed once text of others and something
 *   sensitive have been read, also where it only reads: a URL or a search term carries, too.
 */
import type { Labels } from './labels.ts'

/** What a tool does, as far as it matters here. */
export interface ToolFacts extends Labels {
  /** Changes nothing anywhere. */
  readonly readOnly: boolean
  /** May destroy what is there; without meaning for a tool that only reads. */
  readonly destructive: boolean
  /** Its arguments reach somebody outside. */
  readonly egress: boolean
  /** Nobody may use it. */
  readonly denied: boolean
}

export type Rule =
  | 'denied'
  | 'approved'
  | 'destructive'
  | 'write_after_untrusted'
  | 'egress_of_sensitive'
  | 'harmless'

export interface Decision {
  readonly verdict: 'allow' | 'confirm' | 'deny'
  readonly rule: Rule
}

/** @param approved a person has said yes to exactly this call, which has not run since */
export function decide(read: Labels, tool: ToolFacts, approved: boolean): Decision {
  if (tool.denied) return { verdict: 'deny', rule: 'denied' }
  if (approved) return { verdict: 'allow', rule: 'approved' }
  if (!tool.readOnly && tool.destructive) return { verdict: 'confirm', rule: 'destructive' }
  if (!tool.readOnly && read.untrusted) return { verdict: 'confirm', rule: 'write_after_untrusted' }
  if (tool.egress && read.untrusted && read.sensitive) {
    return { verdict: 'confirm', rule: 'egress_of_sensitive' }
  }
  return { verdict: 'allow', rule: 'harmless' }
}
