import type { StatedFacts } from '../safety/tool-facts.ts'

/** A server that the hub is to reach, and what a person says of it. */
export interface ServerSpec {
  /** Unique; part of the names that a model sees. */
  readonly name: string
  readonly reach: StdioReach | HttpReach
  /** What it says of itself, annotations and descriptions and instructions, may be believed. */
  readonly trusted?: boolean | undefined
  /** Of all its tools. */
  readonly facts?: StatedFacts | undefined
  /** Of single tools, by the names that the server gives them. */
  readonly tools?: Readonly<Record<string, StatedFacts>> | undefined
}

export interface StdioReach {
  readonly kind: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  /** Beside the few variables that every server gets, such as PATH. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string | undefined
}

export interface HttpReach {
  readonly kind: 'http'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}
