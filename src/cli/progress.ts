import { stderr } from 'node:process'
import { type Progress, progressText } from '../base/progress.ts'

export interface ProgressBar {
  add(amount: number): void
  end(): void
}

/** What takes less is not worth a bar. */
const showsAfterMs = 500
const redrawMs = 100
const cells = 30

/** A bar on stderr where a person sits there, gone when it ends. */
export function createProgress(total: number): ProgressBar {
  let done = 0
  let next = performance.now() + showsAfterMs
  let shown = false
  return {
    add(amount) {
      done += amount
      const now = performance.now()
      if (!stderr.isTTY || now < next) return
      next = now + redrawMs
      shown = true
      stderr.write(`\r${toBar(total === 0 ? 1 : Math.min(done / total, 1))}`)
    },
    end() {
      if (shown) stderr.write(`\r${' '.repeat(cells + 7)}\r`)
    },
  }
}

export interface StatusLine {
  /** Instead of what stood there: words and how far it is, with a bar where the share is known. */
  show(words: readonly string[], progress: Progress): void
  end(): void
}

/** One line on stderr that says how things stand, where a person sits there; gone when it ends. */
export function createStatusLine(): StatusLine {
  let shown = 0
  const write = (text: string): void => {
    if (!stderr.isTTY) return
    const line = text.slice(0, Math.max(20, (stderr.columns || 80) - 1))
    stderr.write(`\r${line.padEnd(shown)}${shown > line.length ? `\r${line}` : ''}`)
    shown = line.length
  }
  return {
    show(words, { share, ...known }) {
      const text = [...words, progressText(known)].filter(Boolean).join(', ')
      write(share === undefined ? text : `${toBar(share)} ${text}`)
    },
    end() {
      if (shown > 0) write('')
      shown = 0
    },
  }
}

function toBar(share: number): string {
  const full = Math.round(share * cells)
  const percent = `${Math.floor(share * 100)} %`
  return `[${'█'.repeat(full)}${' '.repeat(cells - full)}] ${percent}`
}
