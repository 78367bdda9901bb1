import { stderr } from 'node:process'

export interface Progress {
  add(amount: number): void
  end(): void
}

/** What takes less is not worth a bar. */
const showsAfterMs = 500
const redrawMs = 100
const cells = 30

/** A bar on stderr where a person sits there, gone when it ends. */
export function createProgress(total: number): Progress {
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

function toBar(share: number): string {
  const full = Math.round(share * cells)
  const percent = `${Math.floor(share * 100)} %`
  return `[${'█'.repeat(full)}${' '.repeat(cells - full)}] ${percent}`
}
