import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The arrows of ARCHITECTURE.md: which rooms a room may import from. Files of src itself are rooms too. */
const rooms: Record<string, readonly string[]> = {
  base: [],
  cache: ['base'],
  sources: ['base', 'cache'],
  guard: ['base', 'sources'],
  results: ['base', 'sources'],
  jobs: ['base'],
  apis: ['base'],
  tools: ['base', 'cache', 'sources', 'guard', 'results', 'jobs', 'apis'],
  edge: ['base', 'tools'],
  resources: ['base', 'sources', 'guard', 'results', 'tools'],
  prompts: ['base', 'sources', 'tools'],
  server: ['base', 'tools', 'resources', 'prompts'],
  transports: ['base', 'edge', 'server', 'tools'],
  config: ['base', 'sources', 'apis', 'edge', 'resources', 'prompts'],
  clients: ['base'],
  docs: ['base', 'tools'],
  demo: ['base'],
  agent: ['base'],
  testing: ['base', 'sources', 'guard', 'results', 'jobs', 'tools', 'agent'],
  app: [
    'base',
    'cache',
    'sources',
    'guard',
    'jobs',
    'apis',
    'edge',
    'tools',
    'resources',
    'prompts',
    'config',
  ],
  'serve-stdio.ts': ['app', 'base', 'server', 'transports'],
  'serve-http.ts': ['app', 'base', 'edge', 'server', 'config', 'transports'],
  library: [
    'app',
    'serve-stdio.ts',
    'serve-http.ts',
    'base',
    'config',
    'results',
    'tools',
    'transports',
  ],
  cli: [
    'app',
    'serve-stdio.ts',
    'serve-http.ts',
    'base',
    'cache',
    'edge',
    'sources',
    'guard',
    'results',
    'jobs',
    'apis',
    'tools',
    'transports',
    'config',
    'clients',
    'docs',
    'demo',
    'resources',
    'prompts',
    'agent',
  ],
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const source = join(root, 'src')

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/(^|\/)(out|peers|node_modules)\//.test(name))
    .map((name) => join(root, folder, name))

const roomOf = (file: string): string => relative(source, file).split('/')[0] ?? ''

const importPattern = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g

function trespasses(file: string): string[] {
  const room = roomOf(file)
  const allowed = rooms[room]
  if (allowed === undefined) return [`${room} is no room of ARCHITECTURE.md`]
  return importsOf(file)
    .filter((target) => roomOf(target) !== room && !allowed.includes(roomOf(target)))
    .map((target) => `${relative(source, file)} → ${relative(source, target)}`)
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

test('rooms only open onto the rooms that ARCHITECTURE.md draws', () => {
  expect(filesIn('src').flatMap(trespasses)).toEqual([])
})

test('no import goes in a circle, not even one of types', () => {
  expect(circlesIn(['src', 'test', 'bench'].flatMap(filesIn))).toEqual([])
})

test('ARCHITECTURE.md names every room', () => {
  const plan = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const missing = Object.keys(rooms).filter((room) => !plan.includes(`\`src/${room}`))
  expect(missing).toEqual([])
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
  const plan = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
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
