/**
 * The contract of a provider: the one page that whoever adds a kind of resource reads.
 *
 * A provider knows resources of one kind under one name. It tells which there are and reads them, within
 * bounds of its own. Who may ask, how often, and what is remembered of it is not its business: every
 * question comes as a call, through the same gates as those of tools.
 */
import type { ResourceChange } from '../base/resource-changes.ts'
import type { CallContext } from '../tools/tool.ts'

/** A resource as resources/list gives it (MCP: Resource). */
export interface ListedResource {
  readonly uri: string
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly mimeType?: string
  /** Bytes. */
  readonly size?: number
  readonly annotations?: { readonly lastModified: string }
}

/** RFC 6570, as resources/templates/list gives it (MCP: ResourceTemplate). */
export interface ListedTemplate {
  readonly uriTemplate: string
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly mimeType?: string
}

/** What a resource holds: text, or bytes in base64. */
export type Content = { readonly mimeType: string } & (
  | { readonly text: string }
  | { readonly blob: string }
)

/** The contents, and how many rows of a database they are. */
export interface Reading {
  readonly content: Content
  readonly rows?: number
}

export interface Page {
  /** The last URI of the page before; undefined for the first one. */
  readonly after: string | undefined
  readonly most: number
}

/** An argument of a template that is being typed. */
export interface Typed {
  readonly uriTemplate: string
  readonly argument: string
  /** What has been typed of it. */
  readonly value: string
}

/** Ends watching. */
export type Stop = () => void

export interface Provider {
  readonly templates: readonly ListedTemplate[]
  /** In the order of their URIs. */
  list(page: Page, context: CallContext): Promise<readonly ListedResource[]>
  /** True for the form of a URI of its kind, whether or not there is such a resource. */
  owns(uri: string): boolean
  /** @throws AppError `unknown_resource` where there is none; `result_too_large` */
  read(uri: string, context: CallContext): Promise<Reading>
  /** Values that an argument of one of its templates may have, most likely ones first. */
  complete(typed: Typed, context: CallContext): Promise<readonly string[]>
  /** There where resources may change: tells of it from now on. */
  watch?(tell: (change: ResourceChange) => void): Stop
}

/** What is known of a provider before anything of it is loaded. */
export interface DeclaredResources {
  /** The first part of its URIs' path, or its host: unique among those of its kind. */
  readonly name: string
  /**
   * `read_resource`, or a tool whose rights, limits and record hold for questions about it; closed to whom that
   * tool is closed.
   */
  readonly countsFor: string
  /** Closed to whom that source is closed. */
  readonly source: string | undefined
  /** Which there are is looked up, and may change. */
  readonly mayChange: boolean
  open(): Promise<Provider>
}
