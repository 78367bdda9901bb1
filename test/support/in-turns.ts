const atOnce = 4

/** The work for each item, a few of them at a time. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const turns = Array.from({ length: Math.ceil(items.length / atOnce) }, (_, turn) =>
    items.slice(turn * atOnce, (turn + 1) * atOnce),
  )
  const results: Result[] = []
  for (const turn of turns) results.push(...(await Promise.all(turn.map(work))))
  return results
}
