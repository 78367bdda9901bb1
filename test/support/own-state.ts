/** Run once before all tests (`globalSetup` of vitest). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Servers of tests keep their jobs in a folder that goes with them, not in that of whoever runs the tests. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-test-'))
  process.env['XDG_STATE_HOME'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
