import { AppError } from '../base/error.ts'
import { choices, didYouMean } from '../base/nearest.ts'
import { shorten } from '../base/shorten.ts'
import type { ArgumentOptions, PromptOptions } from './options.ts'

/** Characters of one value. */
const longestValue = 4000

/** What a value holds that is no text: everything that controls, but for tabs and ends of lines. */
const controls = /[^\P{Cc}\t\n\r]|\p{Cs}/u

/**
 * The arguments of a prompt, checked. One that is empty counts as left out.
 *
 * @throws AppError `invalid_input`
 */
export function checkArguments(
  prompt: PromptOptions,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = prompt.arguments.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) throw noSuchArgument(prompt.name, unknown, names)
  const values = prompt.arguments.flatMap((argument): [string, string][] => {
    const value = Object.hasOwn(given, argument.name) ? given[argument.name]?.trim() : undefined
    if (value === undefined || value === '') {
      if (argument.required) throw wrong(argument, 'is missing')
      return []
    }
    return [[argument.name, checkValue(argument, value)]]
  })
  return Object.fromEntries(values)
}

function checkValue(argument: ArgumentOptions, value: string): string {
  if (value.length > longestValue)
    throw wrong(argument, `has ${value.length} characters; ${longestValue} is the most`)
  if (controls.test(value)) throw wrong(argument, 'holds a character that controls and is no text')
  const { values } = argument
  if (values === undefined || values.includes(value)) return value
  throw new AppError(
    'invalid_input',
    `The argument ${argument.name} cannot be ${JSON.stringify(shorten(value, 100))}.`,
    { hint: choices(value, 'Values', values) },
  )
}

const wrong = ({ name, description }: ArgumentOptions, what: string): AppError =>
  new AppError('invalid_input', `The argument ${name} ${what}.`, {
    hint: description ?? `Call again with ${name} put right.`,
  })

const noSuchArgument = (prompt: string, name: string, names: readonly string[]): AppError =>
  new AppError('invalid_input', `${prompt} has no argument ${shorten(name, 100)}.`, {
    hint: [didYouMean(name, names), `Its arguments: ${names.join(', ') || 'none'}.`]
      .filter((part) => part !== undefined)
      .join(' '),
  })
