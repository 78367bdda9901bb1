import type { Catalog } from '../../sources/catalog.ts'
import { calledAdvice } from './dialect-advice.ts'
import { type Failure, HintNames, isUndeclared, join, tableNamed } from './failure.ts'
import { namesLike } from '../likeness.ts'

/** A table that is not there: what it may be called, or what it is that is no table. */
export function explainTable(failure: Failure): string | undefined {
  const { subject, catalog, advice, parts } = failure
  const names = new HintNames(failure)
  const called = calledAdvice(parts, advice)
  if (called !== undefined) return called
  if (isUndeclared(subject, parts)) {
    return join(`Nothing in FROM is called ${subject}.`, names.openTables(catalog))
  }
  return (
    withoutPrefix(subject, catalog, names) ??
    join(meantTable(subject, catalog), names.openTables(catalog))
  )
}

/** `Did you mean "orders"?`, or one of a few. */
export function meantTable(subject: string, { tables }: Catalog): string | undefined {
  const [first, ...others] = namesLike(
    subject.split('.').at(-1) ?? subject,
    tables.map(({ name }) => name),
  ).map((name) => `"${name}"`)
  if (first === undefined) return undefined
  return `Did you mean ${[first, ...others].join(' or ')}?`
}

/** A schema or database before a name that has none here. */
function withoutPrefix(subject: string, catalog: Catalog, names: HintNames): string | undefined {
  const [prefix, name, ...more] = subject.split('.')
  const found = tableNamed(name ?? '', catalog)
  if (found === undefined || more.length > 0) return undefined
  return `Write ${names.table(found)} without ${prefix} before it.`
}
