import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const source = join(root, 'src')

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/(^|\/)(out|peers|node_modules)\//.test(name))
    .map((name) => join(root, folder, name))

/** The first word of a path within src: files there are rooms too, without their ending. */
const roomOf = (file: string): string =>
  relative(source, file).split('/')[0]?.replace(/\.ts$/, '') ?? ''

const plan = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

/** By room, which rooms the table of ARCHITECTURE.md lets it import from. */
const planned = new Map(
  [...plan.matchAll(/^\| `src\/([^`/]+)\/?` .*\| ([^|]+) \|$/gm)].map(
    ([, room = '', others = '']) =>
      [room.replace(/\.ts$/, ''), others.split(',').map((name) => name.trim())] as const,
  ),
)

const importPattern = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g

/** By room, the other rooms that it imports from. */
function arrows(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const file of filesIn('src')) {
    const room = roomOf(file)
    const others = importsOf(file)
      .map(roomOf)
      .filter((other) => other !== room)
    found.set(room, new Set([...(found.get(room) ?? []), ...others]))
  }
  return found
}

/** Without those that another way says already: `a --> b` where nothing between leads from one to the other. */
function drawn(all: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const leadsTo = (from: string, to: string): boolean =>
    [...(all.get(from) ?? [])].some((next) => next === to || leadsTo(next, to))
  return [...all].flatMap(([from, others]) =>
    [...others]
      .filter((to) => ![...others].some((other) => other !== to && leadsTo(other, to)))
      .map((to) => `${from} --> ${to}`),
  )
}

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(importPattern)].map(([, path = '']) =>
    resolve(dirname(file), path),
  )

/** Ways from a file back to itself, imports of types among them. */
function circlesIn(files: readonly string[]): string[] {
  const imports = new Map(files.map((file) => [file, importsOf(file)]))
  const left = new Set<string>()
  const found: string[] = []
  const enter = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) {
      const circle = [...way.slice(way.indexOf(file)), file]
      found.push(circle.map((one) => relative(root, one)).join(' → '))
    } else if (!left.has(file)) {
      for (const target of imports.get(file) ?? []) enter(target, [...way, file])
      left.add(file)
    }
  }
  for (const file of files) enter(file, [])
  return found
}

test('rooms open onto the rooms of the table in ARCHITECTURE.md, and onto all of those', () => {
  const found = [...arrows()].map(([room, others]) => [room, [...others].toSorted()] as const)
  const allowed = [...planned].map(([room, others]) => [room, others.toSorted()] as const)

  const free = new Set(allowed.filter(([, [first]]) => first === 'all').map(([room]) => room))
  const toTable = (rooms: typeof found): Record<string, readonly string[]> =>
    Object.fromEntries(
      rooms
        .filter(([room]) => !free.has(room))
        .map(([room, others]) => [room, others.length === 0 ? ['nothing'] : others]),
    )
  expect(toTable(found)).toEqual(toTable(allowed))
  expect([...free]).toEqual(['cli'])
})

test('the picture in ARCHITECTURE.md has every arrow that no other way says already', () => {
  const [, picture = ''] = /```mermaid\n([^`]*)```/.exec(plan) ?? []
  const lines = picture.split('\n').map((line) => line.trim())
  const inPicture = lines.filter((line) => line.includes('-->'))
  expect(inPicture.toSorted()).toEqual(drawn(arrows()).toSorted())
})

test('no import goes in a circle, not even one of types', () => {
  expect(circlesIn(['src', 'test', 'bench'].flatMap(filesIn))).toEqual([])
})

test('no file is longer than 300 lines', () => {
  const long = ['src', 'test', 'bench']
    .flatMap(filesIn)
    .filter((file) => readFileSync(file, 'utf8').split('\n').length > 301)
  expect(long.map((file) => relative(root, file))).toEqual([])
})

test('a Statement is made in the guard and nowhere else', () => {
  const makers = filesIn('src').filter((file) =>
    /\bas (?:unknown as )?Statement\b/.test(readFileSync(file, 'utf8')),
  )
  expect(makers.map(roomOf).filter((room) => room !== 'guard')).toEqual([])
})

test('a Permit is made where calls are decided and nowhere else', () => {
  const makers = filesIn('src').filter((file) =>
    /\bas (?:unknown as )?Permit\b/.test(readFileSync(file, 'utf8')),
  )
  expect(makers.map((file) => relative(source, file))).toEqual(['agent/safety/permit.ts'])
})

test('a rule of the linter is switched off with its reason beside it', () => {
  const bare = ['src', 'test', 'bench', 'examples'].flatMap(filesIn).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /(?:\/\/|\/\*) *(?:ox|es)lint-(?:dis|en)able(?!.* -- \S)/.test(line))
      .map((line) => `${relative(root, file)}: ${line.trim()}`),
  )
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8').split('\n')
  const silent = config.filter(
    (line, index) => line.includes('"off"') && !/^\s*\/\//.test(config[index - 1] ?? ''),
  )
  expect([...bare, ...silent]).toEqual([])
})

test('every dependency is argued for in ARCHITECTURE.md', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    devDependencies: Record<string, string>
  }
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]
  const unargued = names.filter(
    (name) => !name.startsWith('@types/') && !plan.includes(`\`${name}\``),
  )
  expect(unargued).toEqual([])
})
