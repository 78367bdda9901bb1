/** The pages of the documentation, as tests read them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))

/** Every page that people read, by its path in the project. */
export const pages: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'examples', 'deploy'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
]

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8')

/** A fenced block. */
export interface Block {
  /** `docs/http.md:12` */
  readonly place: string
  /** The word behind the fence: `sh`, `yaml`, nothing. */
  readonly language: string
  readonly text: string
  /** The file that it is, by a comment in its first lines or by `<!-- file: .mcp.json -->` above it. */
  readonly file: string | undefined
  /** Why nothing runs it, from `<!-- not run: why -->` above it. */
  readonly notRun: string | undefined
  /** The test that runs it in place of the tests of pages, from `<!-- run by test/… -->` above it. */
  readonly runBy: string | undefined
  /** It stands directly under the block before, whose output it shows. */
  readonly isOutput: boolean
}

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm

export function blocksOf(page: string): readonly Block[] {
  const text = readPage(page)
  const found = [...text.matchAll(fence)]
  return found.map(({ index, 1: language = '', 2: content = '' }, at) => {
    const above = text.slice(0, index).trimEnd().split('\n').at(-1) ?? ''
    const before = found[at - 1]
    const between = before && text.slice(before.index + before[0].length, index)
    return {
      place: `${page}:${text.slice(0, index).split('\n').length}`,
      language,
      text: content,
      file: /^<!-- file: (\S+) -->$/.exec(above)?.[1] ?? fileNamed(content),
      notRun:
        above === '<!-- test-command -->'
          ? 'runs the tests'
          : /^<!-- not run: (.+) -->$/.exec(above)?.[1],
      runBy: /^<!-- run by (\S+) -->$/.exec(above)?.[1],
      isOutput:
        before?.[1] === 'sh' && between?.trim() === '' && ['', 'text', 'json'].includes(language),
    }
  })
}

/** `# vitrine.yaml`, `// ask.js`, `-- shop.sql`, within the comments that a block begins with. */
function fileNamed(text: string): string | undefined {
  const [comments = ''] = /^(?:(?:#|\/\/|--) .*\n)*/.exec(text) ?? []
  return /^(?:#|\/\/|--) ([\w./-]+\.[a-z]+)(?:$|[ ,;])/m.exec(comments)?.[1]
}

/** It is commands for the shell of whoever reads the page. */
export const isRun = ({ language, notRun, runBy }: Block): boolean =>
  language === 'sh' && notRun === undefined && runBy === undefined

export interface PageBlock extends Block {
  readonly page: string
}

export const allBlocks: readonly PageBlock[] = pages.flatMap((page) =>
  blocksOf(page).map((block) => ({ ...block, page })),
)

export const blocksIn = (language: string): readonly PageBlock[] =>
  allBlocks.filter((block) => block.language === language)
