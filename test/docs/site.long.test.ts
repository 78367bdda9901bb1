import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'parse5'
import { expect, test } from 'vitest'
import { runHere } from '../support/command-here.ts'
import { makeDocumented, runDocs, shopConfig } from '../support/documented.ts'
import { mainPath } from '../support/serve.ts'

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

async function makeSite() {
  const cwd = makeDocumented()
  const made = await runDocs(cwd)
  const read = (path: string): string => readFileSync(join(cwd, 'site', path), 'utf8')
  return { cwd, read, ...made }
}

test('a page tells what a tool does, takes, answers, costs, and who may call it', async () => {
  const cwd = makeDocumented()
  const config = join(cwd, 'vitrine.yaml')
  const token = ['token', 'create', config, '--name', 'ci']
  const grant = ['--tools', 'orders_of', '--sources', 'all']
  const { stdout: secret } = await runHere([...token, ...grant])
  const { code, said } = await runDocs(cwd)
  expect(code).toBe(0)
  const read = (path: string): string => readFileSync(join(cwd, 'site', path), 'utf8')
  const page = read('tools/orders_of.md')
  expect(page).toContain('Orders of one customer, newest first, with their totals.')
  expect(page).toContain(
    '| `customer_id` | whole number; at least 1 | yes | The number of the customer |',
  )
  expect(page).toContain('no; `"paid"` by default')
  expect(page).toContain('| `total_cents` | With tax, in cents |')
  expect(page).toContain('### A customer with two orders')
  expect(page).toContain('| 1 | 4711 |\n| 2 | 815 |')
  expect(page).toContain('| rows of an answer | 7 |')
  expect(page).toContain('| calls of one caller | 5 in a minute |')
  expect(page).toContain('**token ci**: a static token, until ')
  expect(page).toContain('**scope orders:read**: a person whom')
  expect(page).not.toContain('elsewhere')
  expect(page).not.toContain('proxy')
  expect(page).toContain('[sales](../access.md#groups)')
  expect(read('sources.md')).toContain('| rows of an answer | 20 |')
  expect(read('access.md')).toContain('| rows in 24 hours | 100,000 |')
  const told = JSON.parse((await runHere(['doctor', config, '--json'])).stdout) as object
  expect(JSON.stringify(told)).toContain(`about ${said.tokens} tokens`)
  const everything = filesIn(join(cwd, 'site'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('')
  const [, hash = '-'] = /hash: (\S+)/.exec(readFileSync(join(cwd, 'tokens.yaml'), 'utf8')) ?? []
  for (const closed of [secret.trim(), hash, 'never-tell-this-secret', 'ana@example.com', cwd])
    expect(everything).not.toContain(closed)
})

test('examples are answered as a model is answered: masked, with the claims of the config; one that fails shows its error', async () => {
  const { read, said } = await makeSite()
  expect(read('tools/mail_of.md')).toContain('| Ana \\<b\\> | `NULL` |')
  expect(read('tools/mail_of.md')).not.toContain('Bo')
  expect(read('tools/too_far.md')).toContain('"code": "config_invalid"')
  expect(read('tools/query_database.md')).toContain('SELECT count(*) AS n FROM customers')
  expect(read('tools/get_schema.md')).toContain('customers(')
  expect(said.warnings.filter(({ path }) => path.includes('examples'))).toMatchObject([
    { line: expect.any(Number) as number, path: ['tools', 'too_far', 'examples', 0] },
  ])
})

test('what changes data says so, and its example is not run', async () => {
  const { cwd, read } = await makeSite()
  expect(read('tools/set_state.html')).toContain('This tool changes data.')
  expect(read('tools/set_state.md')).toContain('It was not called for this page')
  expect(read('tools/set_state.md')).toContain('| rows that one call may change | 1 |')
  expect(read('tools/cancel_job.md')).not.toContain('This tool changes data')
  const question = 'select status from orders where id = 3'
  const { stdout } = await runHere(['query', join(cwd, 'shop.db'), question, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ rows: [["it's"]] })
})

test('--no-examples asks nothing: not even a database that is not there', async () => {
  const cwd = makeDocumented(shopConfig.replaceAll('./shop.db', './gone.db'))
  const { code, said } = await runDocs(cwd, { flags: ['--no-examples'] })
  expect(code).toBe(0)
  expect(said.warnings).toEqual([expect.objectContaining({ path: ['http', 'auth', 'tokens'] })])
  const page = readFileSync(join(cwd, 'site/tools/orders_of.md'), 'utf8')
  expect(page).toContain('It was not called for this page.')
})

test('every link of every page leads to a page, and to a heading of it', async () => {
  const { cwd } = await makeSite()
  const pages = filesIn(join(cwd, 'site'))
  const broken: string[] = []
  for (const path of pages.filter((one) => one.endsWith('.html'))) {
    const text = readFileSync(path, 'utf8')
    const errors: string[] = []
    parse(text, { onParseError: ({ code }) => errors.push(code) })
    expect(errors).toEqual([])
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, link = ''] of text.matchAll(/href="([^"]+)"/g)) {
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : resolve(dirname(path), file)
      const isThere = existsSync(target)
      const hasAnchor =
        anchor === undefined ||
        (isThere && readFileSync(target, 'utf8').includes(` id="${anchor}"`))
      if (!isThere || !hasAnchor) broken.push(`${path}: ${link}`)
    }
  }
  for (const path of pages.filter((one) => one.endsWith('.md')))
    for (const [, link = ''] of readFileSync(path, 'utf8').matchAll(/\]\(([^)#]+)/g))
      if (!existsSync(resolve(dirname(path), link))) broken.push(`${path}: ${link}`)
  expect(broken).toEqual([])
})

test('the command that a page shows does in a shell what the page says', async () => {
  const { cwd, read } = await makeSite()
  const shown = [...read('tools/orders_of.md').matchAll(/^vitrine (call .*)$/gm)].map(
    ([, one = '']) => one,
  )
  const [command = ''] = shown
  const quoted = `${command} --json`
  const stdout = await new Promise<string>((done) => {
    execFile('sh', ['-c', `"$0" "$1" ${quoted}`, process.execPath, mainPath], { cwd }, (_, text) =>
      done(text),
    )
  })
  expect(JSON.parse(stdout)).toMatchObject({
    rows: [
      [1, 4711],
      [2, 815],
    ],
  })
})

test('a folder with other files is left as it is, and so is what a link points at', async () => {
  const cwd = makeDocumented()
  mkdirSync(join(cwd, 'own'))
  writeFileSync(join(cwd, 'own/index.html'), 'mine')
  const refused = await runDocs(cwd, { out: 'own' })
  expect(refused.code).toBe(2)
  expect((await runDocs(cwd, { out: 'nowhere/site' })).code).toBe(2)
  expect(readFileSync(join(cwd, 'own/index.html'), 'utf8')).toBe('mine')
  await runDocs(cwd)
  writeFileSync(join(cwd, 'site/notes.txt'), 'mine')
  writeFileSync(join(cwd, 'vitrine.yaml'), shopConfig.replace('  mail_of:', '  notes:'))
  writeFileSync(join(cwd, 'site/tools/notes.html'), 'mine')
  expect((await runDocs(cwd)).code).toBe(2)
  expect(readFileSync(join(cwd, 'site/tools/notes.html'), 'utf8')).toBe('mine')
  expect(existsSync(join(cwd, 'site/tools/mail_of.html'))).toBe(true)
  mkdirSync(join(cwd, 'elsewhere'))
  mkdirSync(join(cwd, 'linked'))
  writeFileSync(join(cwd, 'linked/vitrine-docs.json'), '{"files":["tools/orders_of.html"]}')
  symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'linked/tools'))
  expect((await runDocs(cwd, { out: 'linked' })).code).toBe(2)
  expect(readdirSync(join(cwd, 'elsewhere'))).toEqual([])
  writeFileSync(join(cwd, 'linked/vitrine-docs.json'), '{"files":["../shop.db"]}')
  expect((await runDocs(cwd, { out: 'linked' })).code).toBe(2)
  expect(existsSync(join(cwd, 'shop.db'))).toBe(true)
}, 90_000)

test('a site written again loses the pages of what is gone, and keeps what others put beside it', async () => {
  const { cwd } = await makeSite()
  writeFileSync(join(cwd, 'site/CNAME'), 'docs.example')
  const [before = '', after = ''] = shopConfig.split(/(?= {2}mail_of:)/)
  writeFileSync(
    join(cwd, 'vitrine.yaml'),
    before + after.replace(/ {2}mail_of:[^]*?(?= {2}too_far:)/, ''),
  )
  expect((await runDocs(cwd, { flags: ['--format', 'html'] })).code).toBe(0)
  expect(existsSync(join(cwd, 'site/tools/mail_of.html'))).toBe(false)
  expect(filesIn(join(cwd, 'site')).filter((path) => path.endsWith('.md'))).toEqual([])
  expect(readFileSync(join(cwd, 'site/CNAME'), 'utf8')).toBe('docs.example')
})

test('--strict ends with 1 where there are warnings; a database alone is documented without any', async () => {
  const { cwd } = await makeSite()
  expect((await runDocs(cwd, { flags: ['--strict'] })).code).toBe(1)
  const alone = await runDocs(cwd, { target: 'shop.db', out: 'alone', flags: ['--strict'] })
  expect(alone).toMatchObject({ code: 0, said: { warnings: [], examples: 2 } })
})
