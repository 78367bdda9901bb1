/** Where a text asks for an argument: `{{name}}`. */
const placeholder = /\{\{ ?([a-z][a-z0-9_]*) ?\}\}/g

export const placeholdersOf = (text: string): readonly string[] =>
  [...text.matchAll(placeholder)].map(([, name = '']) => name)

type Values = Readonly<Record<string, string>>

/**
 * The text with arguments put in. In one pass: what a value holds is never looked at again. A line
 * that asks for an argument which was not given is left out.
 */
export function fillText(text: string, values: Values): string {
  const asked = text
    .split('\n')
    .filter((line) => placeholdersOf(line).every((name) => Object.hasOwn(values, name)))
    .join('\n')
    // Around a line that was left out.
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return put(asked, values, (value) => value)
}

/** A URI with arguments put in, each within its segment. */
export const fillUri = (uri: string, values: Values): string => put(uri, values, encodeURIComponent)

const put = (text: string, values: Values, encode: (value: string) => string): string =>
  text.replaceAll(placeholder, (_, name: string) => encode(values[name] ?? ''))
