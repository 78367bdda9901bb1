import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openInside } from '../../dist/resources/files/open-inside.js'
import { FilesProvider } from '../../dist/resources/files-provider.js'
import type { FilesOptions } from '../../dist/resources/options.js'
import { noSignal } from '../support/open.ts'
import { type Files, makeFiles } from '../support/offers.ts'
import { scratchFolder } from '../support/scratch.ts'

const context = { signal: noSignal }
const secret = 'a secret outside'

/** A folder `docs` with these files, and secrets beside it. */
function makeDocs(files: Files = {}, change: Partial<FilesOptions> = {}) {
  const home = makeFiles({ 'secret.md': secret, 'docs2/secret.md': secret })
  const folder = join(home, 'docs')
  mkdirSync(folder)
  makeFiles({ 'a.md': 'A', 'sub/b.md': 'B', ...files }, folder)
  const provider = new FilesProvider({
    kind: 'files',
    name: 'docs',
    folder,
    file: undefined,
    include: ['**/*.md', '**/*.bin', '**/LICENSE'],
    title: undefined,
    description: undefined,
    source: undefined,
    mostBytes: 1000,
    ...change,
  })
  const read = async (path: string): Promise<unknown> => {
    const { content } = await provider.read(`vitrine://docs/${path}`, context)
    return 'text' in content ? content.text : content
  }
  const outcome = (path: string): Promise<unknown> =>
    read(path).catch((error: { code: string }) => error.code)
  const list = async (): Promise<string[]> => {
    const page = await provider.list({ after: undefined, most: 1000 }, context)
    return page.map(({ uri }) => uri.replace('vitrine://docs/', ''))
  }
  return { home, folder, provider, read, outcome, list }
}

test('files that match are listed and read, with their kind and size', async () => {
  const { provider, read } = makeDocs({ 'größe.md': 'G', 'a b.md': 'AB' })
  const page = await provider.list({ after: undefined, most: 1000 }, context)
  expect(page).toMatchObject([
    { uri: 'vitrine://docs/a%20b.md', name: 'a b.md' },
    { uri: 'vitrine://docs/a.md', mimeType: 'text/markdown', size: 1 },
    { uri: 'vitrine://docs/gr%C3%B6%C3%9Fe.md', name: 'größe.md' },
    { uri: 'vitrine://docs/sub/b.md', name: 'sub/b.md' },
  ])
  expect(await read('sub/b.md')).toBe('B')
  expect(await read('gr%C3%B6%C3%9Fe.md')).toBe('G')
  expect(await read('größe.md')).toBe('G')
  expect(await read('gro%CC%88%C3%9Fe.md')).toBe('G')
})

test('bytes that are no text come as bytes, and a file without a kind as what it is', async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0x00])
  const { read } = makeDocs({ 'x.bin': bytes, 'broken.md': bytes, LICENSE: 'Apache' })
  const blob = Buffer.from(bytes).toString('base64')
  expect(await read('x.bin')).toEqual({ mimeType: 'application/octet-stream', blob })
  expect(await read('broken.md')).toEqual({ mimeType: 'text/markdown', blob })
  expect(await read('LICENSE')).toBe('Apache')
})

test('a text that would be too long as JSON comes as bytes', async () => {
  const files = { 'long.md': 'x'.repeat(4_900_000), 'signs.md': '\u0001'.repeat(4_900_000) }
  const { provider } = makeDocs(files, { mostBytes: 5_000_000 })
  const long = await provider.read('vitrine://docs/long.md', context)
  expect('text' in long.content).toBe(true)
  const signs = await provider.read('vitrine://docs/signs.md', context)
  expect(JSON.stringify(signs).length).toBeLessThan(10_000_000)
})

test('a file that is too large is refused, and its size is told', async () => {
  const { provider, read } = makeDocs({ 'most.md': 'x'.repeat(1000), 'more.md': 'x'.repeat(1001) })
  expect(await read('most.md')).toHaveLength(1000)
  await expect(provider.read('vitrine://docs/more.md', context)).rejects.toMatchObject({
    code: 'result_too_large',
    message: 'The file has 1001 bytes; 1000 is the most that is given.',
  })
})

const hostile = [
  '../secret.md',
  'sub/../../secret.md',
  './a.md',
  'sub/./b.md',
  '..%2fsecret.md',
  '%2e%2e/secret.md',
  '%2e%2e%2fsecret.md',
  '%252e%252e%252fsecret.md',
  '..%5csecret.md',
  '..\\secret.md',
  '..%c0%afsecret.md',
  '%c0%ae%c0%ae/secret.md',
  '..%ef%bc%8fsecret.md',
  '%ef%bc%8e%ef%bc%8e/secret.md',
  '\uFF0E\uFF0E/secret.md',
  '\u2024\u2024/secret.md',
  '..\u2215secret.md',
  '..;/secret.md',
  '/etc/passwd',
  '//etc/passwd',
  '%2fetc%2fpasswd',
  'a.md%00.bin',
  'a.md%00',
  'a.md%20',
  'a.md.',
  'A.MD',
  'a.md::$DATA',
  'a.md/',
  'sub',
  'sub/',
  '.hidden.md',
  '.git/config.md',
  'out.md',
  'outfolder/secret.md',
  'chain.md',
  'pipe.md',
  'null.md',
  'plain.txt',
  'C:/Windows/win.ini',
  'CON',
  'a.md?x',
  'a.md#x',
  'nothing.md',
]

test.skipIf(platform() === 'win32')(
  'no path leaves the folder, nor what its patterns name',
  async () => {
    const { folder, home, list, outcome } = makeDocs({
      '.hidden.md': secret,
      '.git/config.md': secret,
      'plain.txt': secret,
    })
    symlinkSync('../secret.md', join(folder, 'out.md'))
    symlinkSync('../docs2', join(folder, 'outfolder'))
    symlinkSync('chain2.md', join(folder, 'chain.md'))
    symlinkSync(join(home, 'secret.md'), join(folder, 'chain2.md'))
    symlinkSync('/dev/zero', join(folder, 'null.md'))
    symlinkSync('.', join(folder, 'loop'))
    symlinkSync('self.md', join(folder, 'self.md'))
    symlinkSync('sub/b.md', join(folder, 'in.md'))
    execFileSync('mkfifo', [join(folder, 'pipe.md')])
    expect(await list()).toEqual(['a.md', 'in.md', 'sub/b.md'])
    expect(await outcome('in.md')).toBe('B')
    for (const path of hostile)
      expect([path, await outcome(path)]).toEqual([path, 'unknown_resource'])
  },
)

test('whatever is asked for, what comes is a file of the list', async () => {
  const { outcome } = makeDocs()
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '%2f',
    '%2e',
    '\\',
    '%00',
    'a.md',
    'sub',
    'b.md',
    'secret.md',
    'docs2',
  )
  const path = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
  )
  await fc.assert(
    fc.asyncProperty(path, async (asked) => {
      expect(['A', 'B', 'unknown_resource']).toContain(await outcome(asked))
    }),
    { numRuns: 500 },
  )
})

test.skipIf(platform() === 'win32')(
  'a hard link and a folder that is a link itself are what they seem',
  async () => {
    const { folder, home } = makeDocs()
    linkSync(join(folder, 'a.md'), join(folder, 'hard.md'))
    symlinkSync('docs', join(home, 'current'))
    const { read } = makeDocs({}, { folder: join(home, 'current') })
    expect(await read('hard.md')).toBe('A')
  },
)

test.skipIf(platform() !== 'linux')(
  'a name that is swapped while it is opened opens nothing outside',
  async () => {
    const { folder, home } = makeDocs({ 'real/x.md': 'inside' })
    const outside = join(home, 'elsewhere')
    makeFiles({ 'x.md': secret }, outside)
    const swapping = { goesOn: true }
    const swap = async (): Promise<void> => {
      while (swapping.goesOn) {
        renameSync(join(folder, 'real'), join(folder, 'kept'))
        symlinkSync(outside, join(folder, 'real'))
        await new Promise(setImmediate)
        unlinkSync(join(folder, 'real'))
        renameSync(join(folder, 'kept'), join(folder, 'real'))
        await new Promise(setImmediate)
      }
    }
    const swapper = swap()
    const seen = new Set<string | undefined>()
    for (let round = 0; round < 1500; round++) {
      const file = await openInside(folder, 'real/x.md')
      seen.add(file && (await file.readFile('utf8')))
      await file?.close()
    }
    swapping.goesOn = false
    await swapper
    expect(seen).not.toContain(secret)
  },
)

test('one file is served alone, whatever lies beside it and whatever it is called', async () => {
  const folder = makeFiles({ '.terms': 'T', 'b.md': 'B' })
  const { list, outcome } = makeDocs({}, { folder, file: '.terms' })
  expect(await list()).toEqual(['.terms'])
  expect(await outcome('.terms')).toBe('T')
  expect(await outcome('b.md')).toBe('unknown_resource')
})

test('names that mislead a reader are left out', async () => {
  const { folder, list } = makeDocs()
  for (const name of ['x\u202Edm.md', 'x\ny.md', 'x\u200Fy.md', 'x\\y.md'])
    writeFileSync(join(folder, name), secret)
  expect(await list()).toEqual(['a.md', 'sub/b.md'])
})

test('pages hold every file once, also where files come meanwhile', async () => {
  const names = Array.from({ length: 25 }, (_, index) => `n${String(index).padStart(2, '0')}.md`)
  const { folder, provider } = makeDocs(Object.fromEntries(names.map((name) => [name, ''])))
  const seen: string[] = []
  for (let after: string | undefined; ; after = seen.at(-1)) {
    const page = await provider.list({ after, most: 4 }, context)
    if (page.length === 0) break
    seen.push(...page.map(({ uri }) => uri))
    writeFileSync(join(folder, '0 new.md'), '')
  }
  expect(seen).toHaveLength(27)
  expect(new Set(seen)).toHaveLength(27)
})

test('of a folder that is a store of its own the first are served', async () => {
  const many = Array.from({ length: 5005 }, (_, index) => [`f${index}.md`, ''] as const)
  const { list, outcome } = makeDocs(Object.fromEntries(many))
  expect(await list()).toHaveLength(1000)
  const outcomes: unknown[] = []
  for (const [name] of many.slice(0, 5)) outcomes.push(await outcome(name))
  expect(outcomes).toContain('')
  expect(new Set(outcomes).size).toBeLessThanOrEqual(2)
})

test('folders are gone down eight levels', async () => {
  const deep = 'a/b/c/d/e/f/g/h/i'
  const { list } = makeDocs({ [`${deep}/too.md`]: '', 'a/b/c/d/e/f/g/last.md': '' })
  expect(await list()).toEqual(['a.md', 'a/b/c/d/e/f/g/last.md', 'sub/b.md'])
})

test('a folder that is gone is told of without its path', async () => {
  const { provider } = makeDocs({}, { folder: join(scratchFolder(), 'gone') })
  const error = await provider.read('vitrine://docs/a.md', context).catch((one: Error) => one)
  expect(error).toMatchObject({ code: 'source_unavailable' })
  expect((error as Error).message).not.toMatch(/gone|\//)
})

test('paths are offered that begin with what was typed, then those that hold it', async () => {
  const { provider } = makeDocs({ 'beta.md': '', 'sub/abc.md': '' })
  const offered = (value: string): Promise<readonly string[]> =>
    provider.complete({ uriTemplate: 'vitrine://docs/{+path}', argument: 'path', value }, context)
  expect(await offered('B')).toEqual(['beta.md', 'sub/abc.md', 'sub/b.md'])
  expect(await offered('')).toHaveLength(4)
})
