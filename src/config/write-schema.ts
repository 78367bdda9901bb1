/** Writes the JSON Schema of the configuration: `node dist/config/write-schema.js schema.json`. */
import { writeFileSync } from 'node:fs'
import { toJsonSchema } from './schema.ts'

const [path] = process.argv.slice(2)
if (path === undefined) {
  process.stderr.write('Where to? node dist/config/write-schema.js <file>\n')
  process.exitCode = 2
} else {
  writeFileSync(path, `${JSON.stringify(toJsonSchema(), null, 2)}\n`)
}
