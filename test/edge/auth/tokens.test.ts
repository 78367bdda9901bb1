import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { dayMs, hashOf, makeTokenText, type Token } from '../../../dist/edge/auth/token.js'
import { addToken, removeToken } from '../../../dist/edge/auth/change-tokens.js'
import { vitrine } from '../../support/command.ts'
import { makeDoor, refusal, bearing } from '../../support/door.ts'
import { scratchFolder } from '../../support/scratch.ts'
import type { WhenDone } from '../../../dist/testing/index.js'

const newPath = (whenDone: WhenDone = onTestFinished): string =>
  join(scratchFolder(whenDone), 'tokens.yaml')

/** Adds a token to the file; gives its text. */
async function give(path: string, change: Partial<Token> = {}): Promise<string> {
  const text = makeTokenText()
  const created = new Date()
  await addToken(path, {
    name: 'ana',
    hash: hashOf(text),
    tools: ['get_schema'],
    sources: 'all',
    claims: { tenant: 'acme' },
    created,
    expires: new Date(+created + dayMs),
    ...change,
  })
  return text
}

const invalid = { code: 'unauthenticated', message: 'The token is not valid.' }

/** Waits until the door has seen a change of the file: it looks once a second. */
const seen = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 10_000, interval: 50 })

test('a token is whoever it was made for, and its claims say more', async () => {
  const path = newPath()
  const text = await give(path)
  expect(await makeDoor({ tokens: path }).admit(bearing(text))).toEqual({
    id: 'token:ana',
    claims: { sub: 'ana', tenant: 'acme' },
    tools: ['get_schema'],
    sources: 'all',
  })
})

test('one that expired says so, to its holder alone', async () => {
  const path = newPath()
  const created = new Date(Date.now() - 2 * dayMs)
  const text = await give(path, { created, expires: new Date(+created + dayMs) })
  const door = makeDoor({ tokens: path })
  expect((await refusal(door, bearing(text))).message).toBe('The token has expired.')
})

// Each waits for the next look at its file.
describe.concurrent('while the server runs,', () => {
  test('one that is unknown and one that was taken back are refused alike', async ({
    onTestFinished: whenDone,
  }) => {
    const path = newPath(whenDone)
    const text = await give(path)
    const door = makeDoor({ tokens: path })
    expect(await refusal(door, bearing(makeTokenText()))).toEqual(invalid)
    expect(await refusal(door, bearing(text.slice(0, -1)))).toEqual(invalid)
    await door.admit(bearing(text))
    await removeToken(path, 'ana')
    await seen(async () => expect(await refusal(door, bearing(text))).toEqual(invalid))
  })

  test('a token that is given while the server runs is taken soon', async ({
    onTestFinished: whenDone,
  }) => {
    const path = newPath(whenDone)
    await give(path)
    const door = makeDoor({ tokens: path })
    expect(await refusal(door, bearing(makeTokenText()))).toEqual(invalid)
    const bob = await give(path, { name: 'bob' })
    await seen(async () => expect((await door.admit(bearing(bob))).id).toBe('token:bob'))
  })

  test.for<[string, (path: string) => void, RegExp]>([
    ['gone', (path) => rmSync(path), /There is no file/],
    ['no YAML', (path) => writeFileSync(path, '- {'), /is broken/],
    ['a folder', (path) => (rmSync(path), mkdirSync(path)), /not a regular file/],
    ['a pipe', (path) => (rmSync(path), spawnSync('mkfifo', [path])), /not a regular file/],
    ['no list', (path) => writeFileSync(path, 'tokens: []'), /is broken/],
  ])(
    'a file that becomes %s lets nobody in, and that is told once',
    async ([, spoil, said], { onTestFinished: whenDone }) => {
      const path = newPath(whenDone)
      const text = await give(path)
      const door = makeDoor({ tokens: path })
      await door.admit(bearing(text))
      spoil(path)
      const closed = {
        code: 'source_unavailable',
        message: 'Tokens cannot be checked at the moment.',
      }
      await seen(async () => expect(await refusal(door, bearing(text))).toEqual(closed))
      expect(await refusal(door, bearing(makeTokenText()))).toEqual(closed)
      expect(door.told).toEqual([expect.stringMatching(said)])
      rmSync(path, { force: true, recursive: true })
      const again = await give(path)
      await seen(async () => expect((await door.admit(bearing(again))).id).toBe('token:ana'))
    },
  )
})

test('a file that others may write lets nobody in', async (context) => {
  if (process.platform === 'win32') context.skip()
  const path = newPath()
  const text = await give(path)
  chmodSync(path, 0o620)
  const door = makeDoor({ tokens: path })
  expect((await refusal(door, bearing(text))).code).toBe('source_unavailable')
  expect(door.told).toEqual([expect.stringMatching(/chmod go-w/)])
})

test('the file is for its owner alone, and keeps the mode that somebody gave it', async (context) => {
  if (process.platform === 'win32') context.skip()
  const path = newPath()
  await give(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  chmodSync(path, 0o640)
  await give(path, { name: 'bob' })
  expect(statSync(path).mode & 0o777).toBe(0o640)
})

test('a file of the account that serves stays readable to it, whoever makes a token', async (context) => {
  if (process.getuid?.() !== 0) context.skip()
  const path = newPath()
  await give(path)
  chownSync(path, 65_534, 65_534)
  await give(path, { name: 'bob' })
  expect(statSync(path)).toMatchObject({ uid: 65_534, gid: 65_534 })
})

test('nothing is lost when many make tokens at once, and nobody is shut out meanwhile', async () => {
  const path = newPath()
  const standing = await give(path, { name: 'standing' })
  const door = makeDoor({ tokens: path })
  const programs = Array.from({ length: 6 }, (_, index) => `program-${index}`)
  const making = Promise.all(
    programs.map((name) =>
      vitrine([
        'token',
        'create',
        '--name',
        name,
        '--tools',
        'all',
        '--sources',
        'all',
        '--file',
        path,
      ]),
    ),
  )
  const done = new AbortController()
  void making.finally(() => done.abort())
  while (!done.signal.aborted) {
    // Each a door that has not looked yet, so that every one reads the file.
    await makeDoor({ tokens: path }).admit(bearing(standing))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const made = await making
  expect(made.map(({ code }) => code)).toEqual(programs.map(() => 0))
  const ids = await Promise.all(
    made.map(async ({ stdout }) => (await door.admit(bearing(stdout.trim()))).id),
  )
  expect(ids).toEqual(programs.map((name) => `token:${name}`))
  expect(existsSync(`${path}.lock`)).toBe(false)
})
