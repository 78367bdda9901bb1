import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toPlain } from '../../dist/docs/plain.js'
import { toSite } from '../../dist/docs/site-pages.js'
import { toHtml } from '../../dist/docs/to-html.js'
import { escape, toMarkdown } from '../../dist/docs/to-markdown.js'
import { describeAnything } from '../support/documented.ts'
import { anyString } from '../support/any-string.ts'

type Node = DefaultTreeAdapterTypes.Node

/** What ends a quotation, a tag, a code span, a cell, a comment, and what turns a line round. */
const hostile = fc.oneof(
  anyString({ minLength: 1, maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '<script>',
        '</script>',
        '"',
        "'",
        '<!--',
        '-->',
        ']]>',
        '&lt;',
        '&amp',
        '`',
        '```',
        '|',
        '\n',
        '\r',
        '\\',
        '](javascript:alert(1))',
        '![x](y)',
        '<img src=x onerror=alert(1)>',
        '</title>',
        '\u202e',
        '\0',
        '# a',
        '- b',
        '\ud800',
        '\ufffe',
        '1. c',
        '    ',
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join('')),
)

const tags = new Set(
  'html head meta title style body header a strong nav ul li main h1 h2 h3 p div table caption thead tbody tr th td code pre details summary label input output aside footer script'.split(
    ' ',
  ),
)
const attributes = new Set(
  'lang charset name content http-equiv class href id tabindex role aria-label aria-labelledby aria-current scope data-name hidden for type autocomplete'.split(
    ' ',
  ),
)

function* nodesOf(node: Node): Generator<Node> {
  yield node
  if ('childNodes' in node) for (const child of node.childNodes) yield* nodesOf(child)
}

/** What no page of ours has. */
function strangersOf(node: Node): string[] {
  if (!('tagName' in node)) return []
  const odd = node.attrs.filter(
    ({ name, value }) => !attributes.has(name) || (name === 'href' && !linkPattern.test(value)),
  )
  return [
    ...(tags.has(node.tagName) ? [] : [node.tagName]),
    ...odd.map(({ name, value }) => `${name}=${value}`),
  ]
}

const linkPattern = /^(?:#|\.\.\/|[a-z]+(?:\/[\w.-]+)?\.html)/

test('whatever a text is, a page is valid HTML of our own elements, and shows the text', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { pages, frame } = toSite(describeAnything(text))
      for (const page of pages) {
        const errors: string[] = []
        const document = parse(toHtml(page, frame), {
          onParseError: ({ code }) => errors.push(code),
        })
        expect(errors).toEqual([])
        const nodes = [...nodesOf(document)]
        expect(nodes.filter(({ nodeName }) => nodeName === 'script')).toHaveLength(1)
        expect(nodes.flatMap(strangersOf)).toEqual([])
        const shown = nodes.flatMap((node) => ('value' in node ? [node.value] : []))
        expect(shown.join('')).toContain(toPlain(text))
      }
    }),
    { numRuns: 150 },
  )
})

test('whatever a text is, Markdown reads nothing out of it', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const written = escape(text)
      expect(written).not.toMatch(/[\n\r]/)
      // What stands behind a backslash is itself.
      const bare = written.replaceAll(/\\[!-/:-@[-`{-~]/g, 'x')
      expect(bare).not.toMatch(/[\\`*_{}[\]<>#|~&!$^=@]|^\s*[-+]|^\s*\d+[.)](?: |$)|https?:\/\//i)
    }),
    { numRuns: 500 },
  )
})

test('whatever a text is, every table of a page has as many cells in each line, and code ends where it should', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const page of toSite(describeAnything(text)).pages) {
        const lines = withoutFences(toMarkdown(page))
        const rules = lines.flatMap((line, index) => (line.startsWith('| --- ') ? [index] : []))
        const uneven = rules.filter(
          (rule) =>
            cellsOf(lines[rule - 1]) !== cellsOf(lines[rule]) ||
            cellsOf(lines[rule + 1]) !== cellsOf(lines[rule]),
        )
        expect(uneven).toEqual([])
      }
    }),
    { numRuns: 150 },
  )
})

const cellsOf = (line = ''): number => line.replaceAll(/\\./g, 'x').split('|').length

/** Lines outside of fenced code, each fence closed (CommonMark, section 4.5). */
function withoutFences(markdown: string): string[] {
  const outside: string[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const [mark] = /^`{3,}/.exec(line) ?? []
    if (fence === undefined && mark !== undefined) fence = mark
    else if (fence === undefined) outside.push(line)
    else if (/^`{3,}\s*$/.test(line) && line.trim().length >= fence.length) fence = undefined
  }
  expect(fence).toBeUndefined()
  return outside
}
