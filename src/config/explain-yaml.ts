import type { ErrorCode, YAMLError } from 'yaml'
import type { Flaw } from './flaw.ts'

/**
 * What is no YAML, in our words: the library's hold pieces of the file, which may hold a password.
 * One for each line: what comes behind the first is its echo.
 */
export function explainErrors(errors: readonly YAMLError[], text: string): Flaw[] {
  const lines = new Set<number>()
  return errors
    .toSorted((one, other) => one.pos[0] - other.pos[0])
    .map((error) => toFlaw(error, text))
    .filter(({ span: [start] }) => {
      const line = text.lastIndexOf('\n', start - 1)
      return !lines.has(line) && lines.add(line)
    })
}

function toFlaw({ code, pos }: YAMLError, text: string): Flaw {
  // An error at the end of the file is shown behind its last word.
  const start = Math.min(pos[0], text.trimEnd().length)
  const end = Math.max(start, pos[1])
  const isVariable = text.slice(start - 1, start + 1) === '${'
  const reason = isVariable ? unquotedVariable : (reasons[code] ?? 'it cannot be read here.')
  return { path: [], span: [start, end], message: `this is not YAML: ${reason}` }
}

const unquotedVariable = 'within { } or [ ] a variable stands in quotes, as "${NAME}".'

const reasons: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'an alias is written *name. A value that begins with * stands in quotes.',
  BAD_DIRECTIVE: 'a line that begins with % is a directive, and this one is unknown.',
  BAD_DQ_ESCAPE: 'in double quotes \\ begins an escape. Use single quotes for text with \\ in it.',
  BAD_INDENT: 'the line is indented unlike those around it, or a [ or { before it is not closed.',
  BAD_SCALAR_START: 'a value that begins with @, ` or % stands in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'there is a second ": " in this line. Put the value in quotes or begin a new line.',
  BLOCK_IN_FLOW: 'within { } or [ ] a comma is missing, or a bracket before it is not closed.',
  MISSING_CHAR: 'a colon, a comma or a closing quote is missing.',
  MULTILINE_IMPLICIT_KEY: 'a key ends with a colon in the same line.',
  MULTIPLE_DOCS: 'a file holds one document. Take out the line "---".',
  NON_STRING_KEY: 'a key is a plain word.',
  RESOURCE_EXHAUSTION: 'it is nested too deeply.',
  TAB_AS_INDENT: 'lines are indented with spaces, not with tabs.',
  TAG_RESOLVE_FAILED: 'tags are not supported. A value that begins with ! stands in quotes.',
  UNEXPECTED_TOKEN: 'something before this is not closed, or a quote or bracket is too many.',
}
