import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { FileBus } from '../../dist/cache/file-bus.js'
import type { Drop } from '../../dist/cache/drop.js'
import type { WhenDone } from '../../dist/testing/index.js'
import { scratchFolder } from '../support/scratch.ts'

const note = (): void => undefined

function listen(path: string, whenDone: WhenDone): { bus: FileBus; heard: (Drop | 'gap')[] } {
  const heard: (Drop | 'gap')[] = []
  const ears = { onDrop: (drop: Drop) => heard.push(drop), onGap: () => heard.push('gap') }
  const bus = new FileBus({ path, note }, ears)
  whenDone(() => bus.close())
  return { bus, heard }
}

const soon = { timeout: 10_000, interval: 50 }

// Whoever listens looks once a second.
describe.concurrent('of orders in a file,', () => {
  test('what one writes the others hear, and itself does not', async ({ onTestFinished }) => {
    const path = join(scratchFolder(onTestFinished), 'state', 'cache.log')
    const [one, other] = [listen(path, onTestFinished), listen(path, onTestFinished)]
    await one.bus.publish({ source: 'shop', scope: 'all' })
    await one.bus.publish({ scope: 'schema', version: '7' })
    await vi.waitFor(() => expect(other.heard).toHaveLength(2), soon)
    expect(other.heard).toEqual([
      { source: 'shop', scope: 'all' },
      { scope: 'schema', version: '7' },
    ])
    expect(one.heard).toEqual([])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('what was written before somebody listened is nothing to them', async ({
    onTestFinished,
  }) => {
    const path = join(scratchFolder(onTestFinished), 'cache.log')
    await new FileBus({ path, note }).publish({ scope: 'results' })
    const { bus, heard } = listen(path, onTestFinished)
    await new FileBus({ path, note }).publish({ scope: 'all' })
    await vi.waitFor(() => expect(heard).toEqual([{ scope: 'all' }]), soon)
    bus.close()
  })

  test.for([
    'no order\n',
    '{"from":"x","scope":"everything"}\n',
    `${'x'.repeat(200_000)}\n`,
    '[]\n',
  ])('what is no order means that some may be missing', async (text, { onTestFinished }) => {
    const path = join(scratchFolder(onTestFinished), 'cache.log')
    const { heard } = listen(path, onTestFinished)
    appendFileSync(path, text)
    await vi.waitFor(() => expect(heard).toEqual(['gap']), soon)
  })

  test('a file that has grown long is begun anew, and those who read it doubt what they hold', async ({
    onTestFinished,
  }) => {
    const path = join(scratchFolder(onTestFinished), 'cache.log')
    writeFileSync(path, 'x'.repeat(70_000))
    const { heard } = listen(path, onTestFinished)
    await new FileBus({ path, note }).publish({ scope: 'all' })
    expect(readFileSync(path, 'utf8')).toMatch(/^\{.*\}\n$/)
    await vi.waitFor(() => expect(heard).toEqual(['gap']), soon)
  })

  test('where nothing can be written that is told, to the log once', async ({ onTestFinished }) => {
    const path = join(scratchFolder(onTestFinished), 'cache.log')
    mkdirSync(path)
    const notes: string[] = []
    const bus = new FileBus({ path, note: (text) => notes.push(text) })
    for (let time = 0; time < 2; time++)
      await expect(bus.publish({ scope: 'all' })).rejects.toMatchObject({
        code: 'source_unavailable',
        message: expect.not.stringContaining(path),
      })
    expect(notes).toEqual([expect.stringContaining(path)])
  })
})
