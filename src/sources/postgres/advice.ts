import type { Advice } from '../advice.ts'

/** https://www.postgresql.org/docs/current/functions.html */
export const advice: Advice = {
  title: 'PostgreSQL',
  functions: {
    ifnull: 'coalesce(a, b)',
  },
  common: ['abs'],
  habits: [],
}
