import { businessMoments, dayMs, toDate, toTimestamp, today } from './calendar.ts'
import { type Random, Wheel } from './random.ts'
import { type Place, places } from './words.ts'

export type Country = {
  readonly code: string
  readonly name: string
  readonly region: string
  readonly vat_percent: number
}

export type Customer = {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly phone: string | null
  readonly birth_date: string | null
  readonly country_code: string
  readonly city: string
  readonly marketing_consent: 0 | 1
  readonly created_at: string
}

const customerCount = 4000
/** Customers were taken over from an older shop; so the first order finds some. */
const leadMs = 60 * dayMs
const yearMs = 365.25 * dayMs

/** Every country once, and one of them twice: somebody added `UK` beside `GB`. */
export const makeCountries = (): Country[] => [
  ...places.map(({ code, name, region, vatPercent }) => ({
    code,
    name,
    region,
    vat_percent: vatPercent,
  })),
  { code: 'UK', name: 'Great Britain', region: 'Europe', vat_percent: 20 },
]

export function makeCustomers(random: Random): Customer[] {
  const wheel = new Wheel(
    places,
    places.map(({ weight }) => weight),
  )
  return businessMoments(customerCount, random, leadMs).map((moment, index) =>
    makeCustomer({ id: index + 1, moment, place: wheel.spin(random) }, random),
  )
}

function makeCustomer(
  { id, moment, place }: { id: number; moment: number; place: Place },
  random: Random,
): Customer {
  const [given, ownGiven] = spell(random.pick(place.names.given))
  const [family, ownFamily] = spell(random.pick(place.names.family))
  const inOwnScript = random.chance(0.5)
  const adult = today - (18 + 60 * random.next() ** 1.6) * yearMs
  return {
    id,
    name: inOwnScript ? `${ownGiven} ${ownFamily}` : `${given} ${family}`,
    email: `${toAscii(given)}.${toAscii(family)}${id}@${random.pick(mailDomains)}`,
    phone: random.chance(0.7) ? toPhone(place, random) : null,
    birth_date: random.chance(0.6) ? toDate(adult) : null,
    country_code: place.code,
    city: random.pick(place.cities),
    marketing_consent: random.chance(0.42) ? 1 : 0,
    created_at: toTimestamp(moment),
  }
}

/** Domains that never belong to anybody (RFC 2606). */
const mailDomains = ['example.com', 'example.org', 'example.net', 'mail.example']

/** `Yuki/雪` in Latin and in its own script; the same where both are one. */
function spell(word: string): readonly [string, string] {
  const [latin = '', own = latin] = word.split('/')
  return [latin, own]
}

const unlike: Readonly<Record<string, string>> = { ß: 'ss', ł: 'l', ø: 'o', ı: 'i', æ: 'ae' }

const toAscii = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[ßłøıæ]/g, (letter) => unlike[letter] ?? letter)
    .replaceAll(/[^a-z]/g, '')

const toPhone = ({ callingCode }: Place, random: Random): string =>
  `+${callingCode} 555 ${random.integer(10, 99)} ${random.integer(1000, 9999)}`
