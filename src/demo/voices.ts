import { dayMs, momentAfter, toTimestamp, today } from './calendar.ts'
import { type Order, orderedMoment, type OrderItem } from './orders.ts'
import { type Random, Wheel } from './random.ts'
import { type Opinion, opinions, ticketSubjects } from './spoken-words.ts'

export type Review = {
  readonly id: number
  readonly product_id: number
  readonly customer_id: number
  readonly rating: number
  readonly title: string
  readonly body: string
  readonly written_at: string
}

export type SupportTicket = {
  readonly id: number
  readonly customer_id: number
  readonly order_id: number | null
  readonly subject: string
  readonly priority: 'low' | 'normal' | 'high'
  readonly opened_at: string
  readonly closed_at: string | null
}

const reviewCount = 3000
const ticketCount = 1500
const stars = new Wheel([5, 4, 3, 2, 1], [46, 27, 12, 7, 8])
const priorities = new Wheel<SupportTicket['priority']>(['low', 'normal', 'high'], [25, 60, 15])

/** Each about something that its writer bought. */
export function makeReviews(
  { orders, items }: { orders: readonly Order[]; items: readonly OrderItem[] },
  random: Random,
): Review[] {
  const bought = spread(items, reviewCount)
  return bought.map((item, index) => {
    const order = orders[item.order_id - 1] as Order
    const rating = stars.spin(random)
    return {
      id: index + 1,
      product_id: item.product_id,
      customer_id: order.customer_id,
      rating,
      ...makeText(rating, random),
      written_at: toTimestamp(momentAfter(orderedMoment(order), 35, random)),
    }
  })
}

function makeText(rating: number, random: Random): Pick<Review, 'title' | 'body'> {
  const { titles, openings, reasons, foreign } = opinions[rating - 1] as Opinion
  if (random.chance(0.3)) {
    const [title, body] = random.pick(foreign)
    return { title, body }
  }
  const body = [random.pick(openings), ...(random.chance(0.7) ? [random.pick(reasons)] : [])]
  return { title: random.pick(titles), body: body.join(' ') }
}

export function makeTickets(orders: readonly Order[], random: Random): SupportTicket[] {
  return spread(orders, ticketCount).map((order, index) => {
    const opened = momentAfter(orderedMoment(order), 35, random)
    const closed = opened + 9 * dayMs * random.next()
    return {
      id: index + 1,
      customer_id: order.customer_id,
      order_id: random.chance(0.8) ? order.id : null,
      subject: random.pick(ticketSubjects),
      priority: priorities.spin(random),
      opened_at: toTimestamp(opened),
      closed_at: closed < today ? toTimestamp(closed) : null,
    }
  })
}

/** `count` of them, at even distances. */
const spread = <T>(items: readonly T[], count: number): T[] =>
  Array.from(
    { length: count },
    (_, index) => items[Math.floor((index * items.length) / count)] as T,
  )
