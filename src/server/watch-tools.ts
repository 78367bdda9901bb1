import type { Actor } from '../base/actor.ts'
import type { ListChanges } from '../base/list-changes.ts'
import type { Toolset } from './toolsets.ts'

export interface ToolLists {
  readonly toolsetOf: (actor: Actor) => Toolset
  readonly lists: ListChanges
}

/** Calls back each time that the list of whoever asks is another one than it was; gives what ends it. */
export function watchTools(
  { toolsetOf, lists }: ToolLists,
  actor: () => Actor,
  onChanged: () => void,
): () => void {
  let told = toolsetOf(actor()).listed
  return lists.on((changed) => {
    if (!changed.has('tools')) return
    const { listed } = toolsetOf(actor())
    if (listed === told) return
    told = listed
    onChanged()
  })
}
