/** What the mixed soak looks at: memory, handles, processes and connections of a server. */
import { readdirSync } from 'node:fs'
import { processesBelow, residentMegabytes } from './memory.ts'

export interface Sample {
  readonly seconds: number
  readonly figures: Readonly<Record<string, number>>
}

export function gauge(servers: Readonly<Record<string, number>>): Record<string, number> {
  const figures: Record<string, number> = {}
  for (const [name, pid] of Object.entries(servers)) {
    figures[`${name}, MB`] = Math.round(residentMegabytes(pid))
    figures[`${name}, open files`] = countOf(`/proc/${pid}/fd`)
    figures[`${name}, processes`] = processesBelow(pid).length
  }
  return figures
}

function countOf(folder: string): number {
  try {
    return readdirSync(folder).length
  } catch {
    return Number.NaN
  }
}

/** Of the second half: the slope of the line through the samples, in its unit a minute. */
export function slopePerMinute(values: readonly number[], everyMs: number): number {
  const half = values.slice(Math.floor(values.length / 2))
  const middle = (half.length - 1) / 2
  const mean = half.reduce((sum, one) => sum + one, 0) / half.length
  const rise = half.reduce((sum, one, index) => sum + (index - middle) * (one - mean), 0)
  const run = half.reduce((sum, _one, index) => sum + (index - middle) ** 2, 0)
  return run === 0 ? 0 : (rise / run) * (60_000 / everyMs)
}

const [width, height, left] = [900, 130, 170]

/** A picture: a line for each figure, one below the other. */
export function toSvg(samples: readonly Sample[]): string {
  const names = Object.keys(samples[0]?.figures ?? {})
  const last = samples.at(-1)?.seconds ?? 1
  const charts = names.map((name, row) => {
    const values = samples.map(({ figures }) => figures[name] ?? 0)
    const most = Math.max(...values, 1)
    const points = samples.map(({ seconds }, index) => {
      const x = left + (seconds / last) * (width - left - 20)
      const y = (row + 1) * height - 25 - ((values[index] ?? 0) / most) * (height - 45)
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    const [top, bottom] = [row * height + 20, (row + 1) * height - 25]
    return `<text x="10" y="${top + 12}">${name}</text>
<text x="${left - 8}" y="${top + 6}" text-anchor="end">${most}</text>
<text x="${left - 8}" y="${bottom}" text-anchor="end">0</text>
<path d="M${left},${bottom}H${width - 20}" stroke="#ccc"/>
<polyline points="${points.join(' ')}" fill="none" stroke="#06c" stroke-width="1.5"/>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${names.length * height + 20}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${charts.join('\n')}
<text x="${width - 20}" y="${names.length * height + 8}" text-anchor="end">${Math.round(last / 60)} minutes</text>
</svg>
`
}
