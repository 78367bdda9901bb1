/** What is known of the text a model has read. Labels only rise: nothing that was read can be unread. */
export interface Labels {
  /** Somebody else may have written some of it. */
  readonly untrusted: boolean
  /** Some of it must not leave. */
  readonly sensitive: boolean
}

export const noLabels: Labels = { untrusted: false, sensitive: false }

export const join = (one: Labels, other: Labels): Labels => ({
  untrusted: one.untrusted || other.untrusted,
  sensitive: one.sensitive || other.sensitive,
})
