import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeShop } from '../../dist/demo/shop.js'
import type { WhenDone } from '../../dist/testing/index.js'
import { blocksOf } from './page.ts'
import { scratchFolder } from './scratch.ts'
import { shared } from './shared.ts'

const makeOnce = shared(async (_key: 'shop', whenDone) => {
  const path = join(scratchFolder(whenDone), 'shop.db')
  await makeShop(path)
  return path
})

/** What pages take for granted: the sample shop, made once for a file of tests, the config of docs/curated-tools.md, notes, an export. */
export async function shopFolder(whenDone: WhenDone): Promise<string> {
  const folder = scratchFolder(whenDone)
  const [config] = blocksOf('docs/curated-tools.md')
  copyFileSync(await makeOnce('shop'), join(folder, 'shop.db'))
  writeFileSync(join(folder, 'vitrine.yaml'), config?.text ?? '')
  writeFileSync(join(folder, 'shop.md'), 'Money is in cents.\n')
  mkdirSync(join(folder, 'exports'))
  writeFileSync(join(folder, 'exports/orders.csv'), 'id,status\n1,paid\n2,new\n')
  return folder
}
