import { didYouMean } from '../base/nearest.ts'

export interface Filled {
  readonly text: string
  /** Names of the variables that were asked for; empty where nothing was filled in. */
  readonly variables: readonly string[]
  readonly problems: readonly VariableProblem[]
}

interface VariableProblem {
  /** Which `${`, counted from 0 among all of `$$` and `${` in the text. */
  readonly index: number
  readonly message: string
}

/** All that a dollar can begin. A dollar before anything else is a dollar. */
export const dollarPattern = /\$\$|\$\{([^}]*)(\}?)/g

/**
 * Puts variables in: `${NAME}`, `${NAME:-default}` for one that is unset or empty, `$$` for a dollar.
 * What is put in is not read again, so nothing that a variable holds means anything.
 */
export function fillVariables(text: string, env: NodeJS.ProcessEnv): Filled {
  const variables: string[] = []
  const problems: VariableProblem[] = []
  let index = -1
  const filled = text.replaceAll(dollarPattern, (whole, inner: string, end: string) => {
    index += 1
    if (whole === '$$') return '$'
    const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inner) ?? []
    if (name === undefined || end === '') {
      problems.push({ index, message: malformed(end) })
      return whole
    }
    variables.push(name)
    // A plain object may be given for the environment: its `constructor` is no variable.
    const value = typeof env[name] === 'string' ? env[name] : undefined
    if (value === undefined && fallback === undefined) {
      problems.push({ index, message: unset(name, env) })
    }
    return fallback === undefined ? (value ?? whole) : value || fallback
  })
  return { text: filled, variables, problems }
}

const malformed = (end: string): string =>
  end === ''
    ? '"${" has no "}" behind it. Write $$ for a dollar.'
    : 'a variable is written ${NAME} or ${NAME:-default}, with letters, digits and _ in its name. Write $$ for a dollar.'

function unset(name: string, env: NodeJS.ProcessEnv): string {
  const meant = didYouMean(name, Object.keys(env))
  const what = `the environment variable ${name} is not set.`
  return `${what} ${meant ?? `Set it, or give a default: \${${name}:-…}.`}`
}
