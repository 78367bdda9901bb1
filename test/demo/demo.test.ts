import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { demo } from '../../dist/cli/demo.js'
import { createColors, type Terminal } from '../../dist/cli/terminal.js'
import { Asker } from '../../dist/demo/asker.js'
import { questions } from '../../dist/demo/questions.js'
import { scratchFolder } from '../support/scratch.ts'
import { mainPath } from '../support/serve.ts'

const vitrine = { command: process.execPath, args: [mainPath] }

class Paper implements Terminal {
  readonly colors = createColors(false)
  readonly noteColors = createColors(false)
  readonly interactive = false
  readonly width = 80
  readonly printed: string[] = []
  readonly noted: string[] = []

  print(text: string): void {
    this.printed.push(text)
  }

  note(text: string): void {
    this.noted.push(text)
  }
}

/** A server made of one line of JavaScript. */
const node = (code: string): { command: string; args: string[] } => ({
  command: process.execPath,
  args: ['-e', code, '--'],
})

const never = new AbortController().signal

describe('the demo', () => {
  test('asks a real server, shows every answer, and says how to go on', async () => {
    const paper = new Paper()
    const path = join(scratchFolder(), 'shop.db')
    expect(await demo({ keep: path, serverCommand: vitrine }, paper)).toBe(0)
    const text = paper.printed.join('\n')
    for (const { question } of questions) expect(text).toContain(question)
    expect(text).toMatch(/customers\(id integer pk/)
    expect(text).toMatch(/^ +month +orders +customers +revenue_eur\n +─+\n +2026-06 /m)
    expect(text).toContain('✗ unknown_column')
    expect(text).toContain('total_cents')
    expect(text).toContain('✗ statement_refused')
    expect(text).toContain(`connect claude-desktop ${path}`)
    const ending = text.indexOf('Now let Claude')
    for (const line of text.slice(0, ending).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(80)
    }
  })

  test('prints one JSON document for a program', async () => {
    const paper = new Paper()
    const keep = join(scratchFolder(), "o'shop.db")
    expect(await demo({ keep, json: true, serverCommand: vitrine }, paper)).toBe(0)
    expect(paper.printed).toHaveLength(1)
    const told = JSON.parse(paper.printed[0] ?? '') as {
      shop: { rows: number }
      tools: string[]
      asked: { as_expected: boolean; answer: object }[]
      connect: string
    }
    expect(told.shop.rows).toBeGreaterThan(75_000)
    expect(told.tools).toEqual(expect.arrayContaining(['query_database', 'get_schema']))
    expect(told.asked.map(({ as_expected: right }) => right)).toEqual(questions.map(() => true))
    expect(told.connect).toContain('connect claude-desktop')
  })

  test('shows what a server said that could not start', async () => {
    const paper = new Paper()
    const keep = join(scratchFolder(), 'shop.db')
    const serverCommand = node('console.error("no licence"); process.exit(3)')
    await expect(demo({ keep, serverCommand }, paper)).rejects.toMatchObject({
      code: 'source_unavailable',
    })
    expect(paper.noted).toEqual(['no licence'])
  })

  test('does not touch a file that is not a sample shop', async () => {
    const paper = new Paper()
    const keep = join(scratchFolder(), 'mine.db')
    writeFileSync(keep, 'mine')
    await expect(demo({ keep, serverCommand: vitrine }, paper)).rejects.toThrow(/not a sample shop/)
    expect(paper.printed).toEqual([])
  })
})

describe('the client of the demo', () => {
  test('says which program is not there', async () => {
    const asker = new Asker({ command: 'no-such-program', args: [] }, never)
    await expect(asker.start()).rejects.toThrow(/no-such-program ENOENT/)
    await asker.close()
  })

  test('is stopped by its signal, and its server with it', async () => {
    const stopped = new AbortController()
    const asker = new Asker(
      node('process.stdin.resume(); console.error(process.pid)'),
      stopped.signal,
    )
    const started = asker.start()
    await expect.poll(() => asker.said).toMatch(/^\d+\n$/)
    stopped.abort()
    await expect(started).rejects.toMatchObject({ code: 'cancelled' })
    await asker.close()
    expect(() => process.kill(Number(asker.said), 0)).toThrow(/ESRCH/)
  })

  test('starts nothing once stopped', async () => {
    const asker = new Asker(node('console.error("started")'), AbortSignal.abort())
    await expect(asker.start()).rejects.toMatchObject({ code: 'cancelled' })
    await asker.close()
    expect(asker.said).toBe('')
  })
})
