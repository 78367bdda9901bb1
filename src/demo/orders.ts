import { businessMoments, dayMs, momentAfter, toMoment, toTimestamp, today } from './calendar.ts'
import type { Customer } from './people.ts'
import type { Product } from './products.ts'
import { type Random, Wheel } from './random.ts'

export type Order = {
  readonly id: number
  readonly customer_id: number
  readonly status: 'new' | 'paid' | 'shipped' | 'delivered' | 'cancelled'
  readonly ordered_at: string
  readonly shipped_at: string | null
  readonly shipping_cents: number
  readonly total_cents: number
  readonly coupon: string | null
}

export type OrderItem = {
  readonly order_id: number
  readonly line_number: number
  readonly product_id: number
  readonly quantity: number
  readonly unit_price_cents: number
  readonly discount_cents: number
}

export interface Sales {
  readonly orders: readonly Order[]
  readonly items: readonly OrderItem[]
}

interface Basket {
  readonly id: number
  readonly moment: number
  readonly customerId: number
  readonly products: readonly Product[]
  readonly coupon: string | null
}

const orderCount = 16_000
/** Over this much in the basket the parcel is free. */
const freeShippingCents = 9000
/** Fractions off the whole basket. */
const coupons: Readonly<Record<string, number>> = { WELCOME10: 0.1, SPRING15: 0.15, BLACKWEEK: 0.2 }
const basketSizes = new Wheel([1, 2, 3, 4, 5, 6, 8], [24, 28, 21, 13, 8, 4, 2])

export function makeSales(
  { customers, products }: { customers: readonly Customer[]; products: readonly Product[] },
  random: Random,
): Sales {
  const pickCustomer = customerPicker(customers, random)
  const pickProduct = productPicker(products, random)
  const sales = businessMoments(orderCount, random).map((moment, index) => {
    const orderedAt = toTimestamp(moment)
    const basket = {
      id: index + 1,
      moment,
      customerId: pickCustomer(orderedAt),
      products: Array.from({ length: basketSizes.spin(random) }, () => pickProduct(orderedAt)),
      coupon: random.chance(0.08) ? random.pick(Object.keys(coupons)) : null,
    }
    const items = makeItems(basket, random)
    return { order: makeOrder(basket, items, random), items }
  })
  return { orders: sales.map(({ order }) => order), items: sales.flatMap(({ items }) => items) }
}

/** One who had an account by then; every ninth customer buys far more often than the rest. */
function customerPicker(
  customers: readonly Customer[],
  random: Random,
): (orderedAt: string) => number {
  let known = 1
  return (orderedAt) => {
    while (known < customers.length && (customers[known]?.created_at ?? '') <= orderedAt) known++
    const id = random.integer(1, known)
    return random.chance(0.4) && id > 9 ? id - (id % 9) : id
  }
}

/** One on sale that day; few are bestsellers, most sell now and then (a Zipf curve). */
function productPicker(
  products: readonly Product[],
  random: Random,
): (orderedAt: string) => Product {
  const ranked = products.toSorted((a, b) => rankOf(a) - rankOf(b))
  const wheel = new Wheel(
    ranked,
    ranked.map((_, rank) => 1 / (rank + 4) ** 0.9),
  )
  return (orderedAt) => {
    let product = wheel.spin(random)
    while (!isOnSale(product, orderedAt)) product = wheel.spin(random)
    return product
  }
}

/** A shuffle without a generator: 300 is no multiple of 97, a prime. */
const rankOf = ({ id }: Product): number => (id * 97) % 300

const isOnSale = (product: Product, orderedAt: string): boolean =>
  product.launched_at <= orderedAt &&
  (product.discontinued_at === null || orderedAt < product.discontinued_at)

function makeItems({ id, products, coupon }: Basket, random: Random): OrderItem[] {
  const off = coupon === null ? 0 : (coupons[coupon] ?? 0)
  return [...new Set(products)].map(({ id: productId, price_cents: price }, index) => {
    const quantity = random.chance(0.82) ? 1 : random.integer(2, 4)
    return {
      order_id: id,
      line_number: index + 1,
      product_id: productId,
      quantity,
      unit_price_cents: price,
      discount_cents: Math.round(price * quantity * off),
    }
  })
}

function makeOrder(basket: Basket, items: readonly OrderItem[], random: Random): Order {
  const { id, moment, customerId, coupon } = basket
  const goods = items.reduce((sum, item) => sum + lineCents(item), 0)
  const shipping = goods >= freeShippingCents ? 0 : random.pick([390, 490, 690])
  const status = statusAt((today - moment) / dayMs, random)
  const sent = status === 'shipped' || status === 'delivered'
  return {
    id,
    customer_id: customerId,
    status,
    ordered_at: toTimestamp(moment),
    shipped_at: sent ? toTimestamp(momentAfter(moment, 2.5, random)) : null,
    shipping_cents: shipping,
    total_cents: goods + shipping,
    coupon,
  }
}

const lineCents = ({ quantity, unit_price_cents: price, discount_cents: off }: OrderItem): number =>
  quantity * price - off

function statusAt(ageDays: number, random: Random): Order['status'] {
  if (random.chance(0.06)) return 'cancelled'
  if (ageDays < 1 + 2 * random.next()) return random.chance(0.5) ? 'new' : 'paid'
  if (ageDays < 3 + 6 * random.next()) return 'shipped'
  // A few were never paid, and nobody cleaned up.
  return random.chance(0.06) ? 'new' : 'delivered'
}

/** Orders that money came in for. */
export const isPaid = ({ status }: Order): boolean => status !== 'new' && status !== 'cancelled'

export const orderedMoment = ({ ordered_at: orderedAt }: Order): number => toMoment(orderedAt)
