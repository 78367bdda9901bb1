import { AppError } from '../base/error.ts'
import { type JsonSchema, loadJsonSchemas } from '../base/json-schema.ts'

/** What is wrong with an answer; undefined where it is as it was asked for. */
export type OutputCheck = (text: string) => string | undefined

/**
 * The API is asked for the shape, and an answer is checked here all the same: a provider may not know of it.
 *
 * @throws AppError `invalid_input` for a schema that is none
 */
export async function toOutputCheck(schema: JsonSchema | undefined): Promise<OutputCheck> {
  if (schema === undefined) return () => undefined
  const schemas = await loadJsonSchemas()
  // Which edition it is written in is for others.
  const { $schema: _dialect, ...rest } = schema
  const flaw = schemas.flawOf(rest)
  if (flaw !== undefined) {
    const what = flaw.keyword === undefined ? '' : `${flaw.keyword}: `
    throw new AppError(
      'invalid_input',
      `The schema of the answer is wrong: ${what}${flaw.message}.`,
    )
  }
  const check = schemas.compile(rest)
  return (text) => {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return 'it is no JSON'
    }
    const mismatch = check(value)
    if (mismatch === undefined) return undefined
    const { path, expected } = mismatch
    return `expected ${expected}${path.length === 0 ? '' : ` at ${path.join('.')}`}`
  }
}
