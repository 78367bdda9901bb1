import type { Block, Inline, Line, Page, Table } from './block.ts'
import { toPlain } from './plain.ts'
import { relativeLink } from './relative-link.ts'

/** A page as Markdown (CommonMark, with the tables of GitHub). */
export function toMarkdown({ id, title, blocks }: Page): string {
  const write = new Writer(id)
  return [`# ${write.line([title])}`, ...blocks.map((block) => write.block(block)), ''].join('\n\n')
}

class Writer {
  readonly #page: string

  constructor(page: string) {
    this.#page = page
  }

  block(block: Block): string {
    switch (block.kind) {
      case 'heading':
        return `${'#'.repeat(block.level)} ${this.line([block.text])}`
      case 'paragraph':
        return this.#paragraph(block.line)
      case 'note':
        return `> ${this.line(block.line)}`
      case 'list':
        return block.items.map((item) => `- ${this.line(item)}`).join('\n')
      case 'code':
        return fenced(block)
      case 'folded':
        return [
          `**${this.line([block.summary])}**`,
          ...block.blocks.map((one) => this.block(one)),
        ].join('\n\n')
      case 'table':
        return this.#table(block)
    }
  }

  /** Without line ends. */
  line(line: Line): string {
    return line
      .map((part) => this.#inline(part))
      .join('')
      .trim()
  }

  /** Blank lines of a text part paragraphs. */
  #paragraph(line: Line): string {
    const [only] = line
    if (line.length !== 1 || typeof only !== 'string') return this.line(line)
    return only
      .split(/\n\s*\n/)
      .map((part) => this.line([part]))
      .filter((part) => part !== '')
      .join('\n\n')
  }

  #table({ head, rows }: Table): string {
    const lines = [
      head.map((name) => this.line([name])),
      head.map(() => '---'),
      ...rows.map((row) => row.map((cell) => this.line(cell).replaceAll('\n', ' '))),
    ]
    return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  }

  #inline(part: Inline): string {
    if (typeof part === 'string') return escape(part)
    if ('code' in part) return codeSpan(part.code)
    if ('strong' in part) return `**${escape(part.strong).trim()}**`
    return `[${escape(part.text)}](${relativeLink(this.#page, part.page, '.md')})`
  }
}

/** Nothing in the text means anything to Markdown, nor to HTML within it. */
export const escape = (text: string): string =>
  toPlain(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>#|~&!$^=]/g, String.raw`\$&`)
    // What would begin a list, a quotation or a rule.
    .replace(/^( *)([-+]|\d+(?=[.)](?: |$)))/, (_, blanks: string, mark: string) =>
      /\d/.test(mark) ? `${blanks}${mark}\\` : `${blanks}\\${mark}`,
    )
    // Addresses are made links without being asked.
    .replaceAll(/(https?|ftp):\/\//gi, String.raw`$1\://`)
    .replaceAll(/www\./gi, (www) => `${www.slice(0, -1)}\\.`)
    .replaceAll('@', String.raw`\@`)

/** A bar would end the cell of a table, in code too, and is not escaped alike everywhere: then it is plain text. */
function codeSpan(text: string): string {
  const flat = toPlain(text).replaceAll(/\s+/g, ' ')
  if (flat.includes('|')) return escape(text)
  if (flat.trim() === '') return '` `'
  const fence = '`'.repeat(longestRun(flat) + 1)
  const pad = /^`|`$/.test(flat) || (flat.startsWith(' ') && flat.endsWith(' ')) ? ' ' : ''
  return `${fence}${pad}${flat}${pad}${fence}`
}

function fenced({ language, text }: { language: string; text: string }): string {
  const plain = toPlain(text)
  const fence = '`'.repeat(Math.max(3, longestRun(plain) + 1))
  return `${fence}${language}\n${plain}\n${fence}`
}

const longestRun = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
