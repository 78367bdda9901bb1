import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { titlesOf } from './support/titles.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** `| promise | kept by | fails without it |` */
const promises = readFileSync(join(root, 'SECURITY.md'), 'utf8')
  .split('\n')
  .map((line) => line.split(' | '))
  .filter(([, , tests]) => tests?.includes('.ts`: *'))
  .map(([promise = '', layer = '', tests = '']) => ({ promise: promise.slice(2), layer, tests }))

test('SECURITY.md has a line for each promise', () => {
  expect(promises.length).toBeGreaterThan(100)
})

test('every promise of SECURITY.md names the layer that keeps it', () => {
  // Some name the line before them, whose layer they share.
  const without = promises.filter(({ layer }) => !/`src\/|^the same|^the judge/.test(layer))
  expect(without.map(({ promise }) => promise)).toEqual([])
})

test('every layer that SECURITY.md names is there', () => {
  const layers = promises.flatMap(({ layer }) => [...layer.matchAll(/`(src\/[^`]+)`/g)])
  const missing = layers
    .map(([, path = '']) => path)
    .filter((path) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})

test('every test that SECURITY.md names is there, once, by that title', () => {
  const wrong = promises.flatMap(({ promise, tests }) => {
    const named = [...tests.matchAll(/`([^`]+\.ts)`: \*([^*]+)\*/g)]
    const rest = tests.replaceAll(/`[^`]+\.ts`: \*[^*]+\*|[\s|]/g, '')
    const lost = named.filter(([, path = '', title = '']) => titlesOf(path, title).length !== 1)
    return named.length > 0 && rest === '' ? lost.map(([text]) => text) : [promise]
  })
  expect(wrong).toEqual([])
})
