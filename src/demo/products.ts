import { dayMs, openingDay, toDate, today } from './calendar.ts'
import { colors, departments, series, type Shelf } from './product-words.ts'
import type { Random } from './random.ts'

export type Category = {
  readonly id: number
  readonly parent_id: number | null
  readonly name: string
}

export type Product = {
  readonly id: number
  readonly sku: string
  readonly name: string
  readonly category_id: number
  readonly price_cents: number
  readonly cost_cents: number
  readonly attributes: string
  readonly launched_at: string
  readonly discontinued_at: string | null
}

const productCount = 300

export function makeCategories(): Category[] {
  const names = Object.keys(departments)
  const tops = names.map((name, index) => ({ id: index + 1, parent_id: null, name }))
  const leaves = tops.flatMap(({ id, name }) =>
    (departments[name] ?? []).map((shelf) => ({ parent_id: id, name: shelf.name })),
  )
  return [...tops, ...leaves.map((leaf, index) => ({ id: tops.length + index + 1, ...leaf }))]
}

export function makeProducts(categories: readonly Category[], random: Random): Product[] {
  const ids = new Map(categories.map(({ name, id }) => [name, id]))
  const shelves = Object.values(departments).flat()
  return Array.from({ length: productCount }, (_, index) => {
    const shelf = shelves[index % shelves.length] as Shelf
    const categoryId = ids.get(shelf.name) ?? 0
    return makeProduct({ id: index + 1, shelf, categoryId }, random)
  })
}

function makeProduct(
  { id, shelf, categoryId }: { id: number; shelf: Shelf; categoryId: number },
  random: Random,
): Product {
  const material = random.pick(shelf.materials)
  // Cheap things are more common than dear ones.
  const euros = shelf.from + (shelf.to - shelf.from) * random.next() ** 2
  const price = Math.floor(euros) * 100 + random.pick([90, 95, 50, 0])
  const launched = launchDay(id, random)
  return {
    id,
    sku: `${shelf.name.slice(0, 3).toUpperCase()}-${String(id).padStart(4, '0')}`,
    name: `${random.pick(series)} ${material} ${random.pick(shelf.nouns)}`,
    category_id: categoryId,
    price_cents: price,
    cost_cents: Math.round(price * (0.32 + 0.4 * random.next())),
    attributes: JSON.stringify({
      color: random.pick(colors),
      material: material.toLowerCase(),
      weight_g: random.integer(4, 240) * 10,
      ...(random.chance(0.2) ? { tags: ['handmade'] } : {}),
    }),
    launched_at: toDate(launched),
    discontinued_at: random.chance(0.09) ? toDate(endOf(launched, random)) : null,
  }
}

/** Half of the range was there at the opening, the rest came bit by bit. */
const launchDay = (id: number, random: Random): number =>
  id <= productCount / 2
    ? openingDay
    : openingDay + Math.floor(random.next() * 0.9 * (today - openingDay))

const endOf = (launched: number, random: Random): number =>
  Math.min(today - dayMs, launched + random.integer(200, 1300) * dayMs)
