import { AppError } from '../../base/error.ts'
import { scan } from './scan.ts'

/** Bytes of the longest name; PostgreSQL cuts it in its own encoding. */
const longestName = 63

/**
 * A server with one byte for each character makes capitals small beyond ASCII too, and cuts names elsewhere than
 * the grammar here, which reads UTF-8: such a name would mean something else to it.
 * @throws AppError `statement_refused`
 */
export function refuseFoldedNames(text: string): void {
  for (const { kind, text: bytes } of scan(text)) {
    if (kind !== 'word' && kind !== 'quoted') continue
    const name = Buffer.from(bytes, 'latin1').toString()
    if (name.length === bytes.length) continue
    const isFolded = kind === 'word' && name !== name.toLowerCase()
    if (isFolded || bytes.length > longestName) throw unclear(name)
  }
}

const unclear = (name: string): AppError =>
  new AppError('statement_refused', `The name ${name} may mean another to this server.`, {
    subject: name,
    hint: 'Write it in double quotes, letter by letter as get_schema tells it.',
  })
