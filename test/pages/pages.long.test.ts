/** What a page says is done as it says, block after block; platform-team.test.ts does the one that needs servers. */
import { describe, expect, test } from 'vitest'
import { startFakeMessagesApi } from '../../dist/testing/messages-api/index.js'
import { countsOrders } from '../support/counts-orders.ts'
import { freePort } from '../support/free-port.ts'
import { blocksOf, isRun, pages } from '../support/page.ts'
import { follow } from '../support/page-shell.ts'
import { scratchFolder } from '../support/scratch.ts'
import { shopFolder } from '../support/shop-folder.ts'

/** Begins with nothing at all. */
const fromNothing = 'docs/walks/founder.md'

const withCommands = pages
  .filter((page) => page !== 'docs/walks/platform-team.md')
  .filter((page) => blocksOf(page).some(isRun))

describe.concurrent('what is done as', () => {
  test.for(withCommands)(
    '%s says',
    { timeout: 250_000 },
    async (page, { onTestFinished: whenDone }) => {
      const api = await startFakeMessagesApi(countsOrders)
      whenDone(() => api.close())
      const cwd = page === fromNothing ? scratchFolder(whenDone) : await shopFolder(whenDone)
      const astray = await follow(blocksOf(page), {
        cwd,
        whenDone,
        env: { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: api.url },
        fillings: [['127.0.0.1:8080', `127.0.0.1:${await freePort()}`]],
      })
      expect(astray).toEqual([])
    },
  )
})
