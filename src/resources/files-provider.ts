import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../base/error.ts'
import { orCancelled } from '../base/or-cancelled.ts'
import { note } from '../base/report.ts'
import type { ResourceChange } from '../base/resource-changes.ts'
import { within } from '../base/within.ts'
import { toMatcher } from '../sources/duckdb/files/pattern.ts'
import type { CallContext } from '../tools/tool.ts'
import { findFile, findFiles, type FoundFiles } from './files/find-files.ts'
import { mediaTypeOf } from './files/media-types.ts'
import { openInside } from './files/open-inside.ts'
import { readContent } from './files/read-content.ts'
import { watchFiles } from './files/watch-files.ts'
import type { FilesOptions } from './options.ts'
import { pageOf } from './page.ts'
import type {
  Content,
  ListedResource,
  ListedTemplate,
  Page,
  Provider,
  Reading,
  Stop,
  Typed,
} from './provider.ts'
import { unknownResource } from './unknown-resource.ts'
import { parseUri, toUri } from './uri.ts'

/** Milliseconds for a disk, or a network behind it, to answer. */
const longestMs = 10_000
/** Questions that read at the same time, each up to the largest file. */
const mostAtWork = 32

/**
 * Files of a folder. Nothing that a client writes becomes part of a path: its words are looked for among
 * the names that there are.
 */
export class FilesProvider implements Provider {
  readonly templates: readonly ListedTemplate[]
  readonly #options: FilesOptions
  readonly #matches: (path: string) => boolean
  #hasToldOfMany = false
  #atWork = 0

  constructor(options: FilesOptions) {
    this.#options = options
    const matchers = options.include.map(toMatcher)
    this.#matches = (path) => matchers.some((matches) => matches(path))
    this.templates = options.file === undefined ? [this.#toTemplate()] : []
  }

  async list(page: Page, context: CallContext): Promise<readonly ListedResource[]> {
    return this.#inTime(context, async () => {
      const { paths } = await this.#find()
      const uris = paths.map((path) => ({ path, uri: this.#toUri(path) }))
      return (await Promise.all(pageOf(uris, page).map((one) => this.#describe(one)))).flat()
    })
  }

  owns(uri: string): boolean {
    return parseUri(uri)?.name === this.#options.name
  }

  read(uri: string, context: CallContext): Promise<Reading> {
    return this.#inTime(context, async () => ({ content: await this.#read(uri) }))
  }

  async complete({ value }: Typed, context: CallContext): Promise<readonly string[]> {
    const wanted = value.toLowerCase()
    const { paths } = await this.#inTime(context, () => this.#find())
    const first = paths.filter((path) => path.toLowerCase().startsWith(wanted))
    const rest = paths.filter((path) => path.toLowerCase().includes(wanted))
    return [...new Set([...first, ...rest])]
  }

  watch(tell: (change: ResourceChange) => void): Stop {
    return watchFiles({
      folder: this.#options.folder,
      find: () => this.#find(),
      tell: (change) =>
        tell(
          change === 'list'
            ? { kind: 'resources' }
            : { kind: 'resource', uri: this.#toUri(change.path) },
        ),
    })
  }

  async #read(uri: string): Promise<Content> {
    const { folder, mostBytes } = this.#options
    const path = this.#named(uri, await this.#find())
    const file = path === undefined ? undefined : await openInside(folder, path)
    if (path === undefined || file === undefined) throw unknownResource(uri)
    try {
      return await readContent(file, { path, mostBytes })
    } finally {
      await file.close()
    }
  }

  /** By its name, or by one of the same letters: systems compose accents differently. */
  #named(uri: string, { paths }: FoundFiles): string | undefined {
    const { name, segments = [] } = parseUri(uri) ?? {}
    if (name !== this.#options.name) return undefined
    const wanted = segments.join('/')
    return paths.includes(wanted)
      ? wanted
      : paths.find((path) => path.normalize() === wanted.normalize())
  }

  async #find(): Promise<FoundFiles> {
    const { folder, file, name } = this.#options
    const found = await (
      file === undefined ? findFiles(folder, this.#matches) : findFile(folder, file)
    ).catch((cause: unknown) => {
      throw unreadable(name, cause)
    })
    if (!found.isWhole && !this.#hasToldOfMany) {
      this.#hasToldOfMany = true
      note(`The folder of the resource ${name} holds too many files: only the first are served.`)
    }
    return found
  }

  #toTemplate(): ListedTemplate {
    const { name, title, description } = this.#options
    return {
      uriTemplate: `vitrine://${name}/{+path}`,
      name,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
    }
  }

  async #describe({ path, uri }: { path: string; uri: string }): Promise<ListedResource[]> {
    const { folder, file, title, description } = this.#options
    const found = await stat(join(folder, path)).catch(() => undefined)
    if (found === undefined) return []
    const mimeType = mediaTypeOf(path)
    return [
      {
        uri,
        name: file === undefined ? path : basename(path),
        ...(file !== undefined && title !== undefined && { title }),
        ...(file !== undefined && description !== undefined && { description }),
        ...(mimeType !== undefined && { mimeType }),
        size: found.size,
        annotations: { lastModified: found.mtime.toISOString() },
      },
    ]
  }

  #toUri(path: string): string {
    return toUri(this.#options.name, path.split('/'))
  }

  /** A disk that does not answer keeps its places: no more wait for it than that. */
  async #inTime<T>({ signal }: CallContext, work: () => Promise<T>): Promise<T> {
    const { name } = this.#options
    if (this.#atWork >= mostAtWork) throw tooBusy(name)
    this.#atWork += 1
    const working = work().finally(() => (this.#atWork -= 1))
    return within(orCancelled(working, signal), longestMs, () => tooSlow(name))
  }
}

const unreadable = (name: string, cause: unknown): AppError =>
  new AppError('source_unavailable', `The files of ${name} cannot be read.`, {
    cause,
    hint: 'Tell the person who runs the server: the folder is missing, or closed to it.',
  })

const tooSlow = (name: string): AppError =>
  new AppError('timed_out', `The files of ${name} were not read within ${longestMs / 1000} s.`, {
    hint: 'Ask again later; tell the person who runs the server if it stays so.',
  })

const tooBusy = (name: string): AppError =>
  new AppError('too_busy', `${mostAtWork} questions read the files of ${name} already.`)
