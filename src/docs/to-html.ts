import { createHash } from 'node:crypto'
import type { Block, Frame, Inline, Line, NavigationEntry, Page, Table } from './block.ts'
import { toPlain } from './plain.ts'
import { relativeLink, toAnchor } from './relative-link.ts'
import { script, style } from './style.ts'

/** A page as one file of HTML that asks for nothing else: it is the same from a disk and from any server. */
export function toHtml(page: Page, frame: Frame): string {
  const write = new Writer(page.id)
  const title = page.title === frame.site ? page.title : `${page.title} – ${frame.site}`
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<a class="skip" href="#pageMain">To the content</a>
<strong>${escape(frame.site)}</strong>
<nav aria-label="Pages">${write.navigation(frame.pages)}</nav>
</header>
<main id="pageMain" tabindex="-1">
<h1>${escape(page.title)}</h1>
${page.blocks.map((block) => write.block(block)).join('\n')}
</main>
<aside>
<nav aria-labelledby="pageTools"><h2 id="pageTools">Tools</h2>${write.navigation(frame.tools)}</nav>
</aside>
<footer>${escape(frame.footer)}</footer>
<script>${script}</script>
</body>
</html>
`
}

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The style and the script above, and nothing that anybody could slip in. */
const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`

class Writer {
  readonly #page: string
  readonly #ids = new Map<string, number>()

  constructor(page: string) {
    this.#page = page
  }

  navigation(entries: readonly NavigationEntry[]): string {
    const items = entries.map(({ id, text }) => {
      const current = id === this.#page ? ' aria-current="page"' : ''
      return `<li><a href="${this.#href(id)}"${current}>${escape(text)}</a></li>`
    })
    return `<ul>${items.join('')}</ul>`
  }

  block(block: Block): string {
    switch (block.kind) {
      case 'heading':
        return `<h${block.level} id="${this.#idOf(block.text)}">${escape(block.text)}</h${block.level}>`
      case 'paragraph':
        return `<p>${this.#line(block.line)}</p>`
      case 'note':
        return `<p class="note" role="note">${this.#line(block.line)}</p>`
      case 'list':
        return `<ul>${block.items.map((item) => `<li>${this.#line(item)}</li>`).join('')}</ul>`
      case 'code':
        // The first line end behind the tag would be dropped.
        return `<pre tabindex="0"><code>${escape(block.text)}</code></pre>`
      case 'folded':
        return `<details><summary>${escape(block.summary)}</summary>\n${block.blocks.map((one) => this.block(one)).join('\n')}\n</details>`
      case 'table':
        return block.isSearchable === true ? searchBox + this.#table(block) : this.#table(block)
    }
  }

  /** As Markdown is given them where it is shown, so that a link is the same in both; each once. */
  #idOf(text: string): string {
    const wanted = toAnchor(text)
    const found = this.#ids.get(wanted) ?? 0
    this.#ids.set(wanted, found + 1)
    const id = found === 0 ? wanted : `${wanted}-${found}`
    if (found > 0) this.#ids.set(id, 1)
    return escape(id)
  }

  #table({ caption, head, rows, isSearchable = false }: Table): string {
    const names = head.map((name) => `<th scope="col">${escape(name)}</th>`).join('')
    const lines = rows.map(
      (row) =>
        `<tr>${row.map((cell, index) => `<td data-name="${escape(head[index] ?? '')}">${this.#line(cell)}</td>`).join('')}</tr>`,
    )
    return `<div class="scroll${isSearchable ? ' list' : ''}" tabindex="0" role="group" aria-label="${escape(caption)}"><table><caption>${escape(caption)}</caption><thead><tr>${names}</tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`
  }

  #line(line: Line): string {
    return line.map((part) => this.#inline(part)).join('')
  }

  #inline(part: Inline): string {
    if (typeof part === 'string') return escape(part)
    if ('code' in part) return `<code>${escape(part.code)}</code>`
    if ('strong' in part) return `<strong>${escape(part.strong)}</strong>`
    return `<a href="${this.#href(part.page)}">${escape(part.text)}</a>`
  }

  #href(page: string): string {
    return escape(relativeLink(this.#page, page, '.html'))
  }
}

const searchBox =
  '<div class="search" hidden><label for="pageSearch">Search</label><input id="pageSearch" type="search" autocomplete="off"><output for="pageSearch"></output></div>\n'

/** As text, and as the value of an attribute in quotes. */
const escape = (text: string): string =>
  toPlain(text).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
