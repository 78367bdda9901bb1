import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const module = new URL('../../dist/transports/take-stdout.js', import.meta.url).href

test('once taken, stdout carries what goes through the taken stream, whatever else prints', async () => {
  const script = `
    const { takeStdout } = await import(${JSON.stringify(module)})
    const stdout = takeStdout()
    console.log('a log line')
    console.table([{ a: 1 }])
    process.stdout.write('a direct write\\n')
    stdout.write('protocol\\n')
    setTimeout(() => console.info('late'), 5)`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ])
  expect(stdout).toBe('protocol\n')
  expect(stderr).toMatch(/a log line[\s\S]*a direct write[\s\S]*late/)
  expect(fileURLToPath(module)).toMatch(/take-stdout\.js$/)
})
