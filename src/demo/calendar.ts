import { type Random, Wheel } from './random.ts'

/** The day on which the shop stands still; every date is relative to it. */
export const today = Date.UTC(2026, 10, 20)
export const openingDay = Date.UTC(2023, 0, 9)

export const dayMs = 86_400_000
const hourMs = 3_600_000

/** How busy each month is: a quiet summer, Christmas. */
const season = [0.85, 0.8, 0.9, 0.95, 1, 0.95, 0.8, 0.85, 1, 1.1, 1.5, 1.75]
/** From Sunday to Saturday. */
const week = [1.25, 1.1, 1, 0.95, 0.95, 0.9, 1.05]
/** The shop sells this many times more at the end than it did at the start. */
const growth = 3.2

/**
 * `count` moments from the opening to today, in order, as thick as business was.
 * @param lead milliseconds before the opening at which the first may lie.
 */
export function businessMoments(count: number, random: Random, lead = 0): number[] {
  const days = openDays(openingDay - lead)
  const wheel = new Wheel(days, days.map(business))
  const places = Array.from({ length: count }, (_, index) => (index + random.next()) / count)
  return places.map((place) => wheel.at(place) + timeOfDay(random)).toSorted((a, b) => a - b)
}

const openDays = (first: number): number[] =>
  Array.from({ length: (today - first) / dayMs }, (_, index) => first + index * dayMs)

function business(day: number): number {
  const date = new Date(day)
  const age = Math.max(0, (day - openingDay) / (today - openingDay))
  const blackFriday = date.getUTCMonth() === 10 && date.getUTCDate() >= 23 ? 1.8 : 1
  const usual = (season[date.getUTCMonth()] ?? 1) * (week[date.getUTCDay()] ?? 1)
  return growth ** age * usual * blackFriday
}

/** Between 6 and 24 o'clock, mostly in the evening. */
const timeOfDay = (random: Random): number =>
  Math.floor((6 * hourMs + 18 * hourMs * Math.sqrt(random.next())) / 1000) * 1000

/** A moment within so many days, and before today. */
export const momentAfter = (moment: number, days: number, random: Random): number =>
  moment + random.next() * Math.min(days * dayMs, today - moment)

/** `2026-11-20` */
export const toDate = (moment: number): string => new Date(moment).toISOString().slice(0, 10)

/** `2026-11-20 18:03:59`, as SQLite's own functions write it. */
export const toTimestamp = (moment: number): string =>
  new Date(moment).toISOString().slice(0, 19).replace('T', ' ')

/** Back from what `toTimestamp` wrote. */
export const toMoment = (timestamp: string): number => Date.parse(`${timestamp.replace(' ', 'T')}Z`)
