import type { Value } from '../../sources/source.ts'

/** Ways of writing shown of one column. */
const mostExamples = 2

/** How dates are written in a text column that holds nothing else: the usual ways first. */
export function dateExamples(values: readonly Value[]): string[] {
  const texts = values.filter((value) => value !== null)
  const dates = texts.filter((value) => typeof value === 'string').filter((text) => date.test(text))
  if (dates.length < texts.length) return []
  const byShape = new Map<string, string[]>()
  for (const text of dates) {
    const shape = text.replaceAll(/\d/g, '9')
    byShape.set(shape, [...(byShape.get(shape) ?? []), text])
  }
  return [...byShape.values()]
    .toSorted((one, other) => other.length - one.length)
    .slice(0, mostExamples)
    .map(([first = '']) => first)
}

const date = /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ][\d:.+Z -]+)?$/
