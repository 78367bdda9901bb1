import { momentAfter, toMoment, toTimestamp } from './calendar.ts'
import { isPaid, type Order, orderedMoment } from './orders.ts'
import { type Random, Wheel } from './random.ts'
import { refundReasons } from './spoken-words.ts'

export type Payment = {
  readonly id: number
  readonly order_id: number
  readonly method: 'card' | 'paypal' | 'transfer' | 'invoice'
  readonly amount_cents: number
  readonly provider_reference: string
  readonly reference_number: bigint
  readonly card_last4: string | null
  readonly paid_at: string
}

export type Refund = {
  readonly id: number
  readonly payment_id: number
  readonly amount_cents: number
  readonly reason: string
  readonly refunded_at: string
}

const methods = new Wheel<Payment['method']>(
  ['card', 'paypal', 'transfer', 'invoice'],
  [52, 27, 9, 12],
)
/** 2^53 + 1: the first whole number that a JSON number does not hold. */
const firstReference = 9_007_199_254_740_993n

export const makePayments = (orders: readonly Order[], random: Random): Payment[] =>
  orders.filter(isPaid).map((order, index) => {
    const method = methods.spin(random)
    return {
      id: index + 1,
      order_id: order.id,
      method,
      amount_cents: order.total_cents,
      provider_reference: `${method}_${token(random)}${token(random)}`,
      reference_number: firstReference + BigInt(index * 14 + random.integer(0, 6) * 2),
      card_last4: method === 'card' ? String(random.integer(0, 9999)).padStart(4, '0') : null,
      paid_at: toTimestamp(momentAfter(orderedMoment(order), 0.02, random)),
    }
  })

const token = (random: Random): string => random.integer(0x1000_0000, 0x7fff_ffff).toString(36)

export const makeRefunds = (payments: readonly Payment[], random: Random): Refund[] =>
  payments
    .filter(() => random.chance(0.045))
    .map((payment, index) => ({
      id: index + 1,
      payment_id: payment.id,
      amount_cents: refundOf(payment, random),
      reason: random.pick(refundReasons),
      refunded_at: toTimestamp(momentAfter(toMoment(payment.paid_at), 40, random)),
    }))

const refundOf = ({ amount_cents: amount }: Payment, random: Random): number =>
  random.chance(0.6) ? amount : Math.max(100, Math.round((amount * random.integer(2, 8)) / 10))
