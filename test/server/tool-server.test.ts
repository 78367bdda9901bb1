import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { expect, onTestFinished, test } from 'vitest'
import { ToolServer } from '../../dist/server/tool-server.js'

test('a fault in answering a request tells the client nothing, and whoever runs the server all', async () => {
  const server = new ToolServer({ name: 'test', version: '1' }, { capabilities: { prompts: {} } })
  server.setRequestHandler('prompts/list', () => {
    throw new Error('no such file: /home/ana/.secret')
  })
  const told: string[] = []
  // oxlint-disable-next-line prefer-add-event-listener -- it is no event target
  server.onerror = ({ message }) => void told.push(message)
  const [near, far] = InMemoryTransport.createLinkedPair()
  await server.connect(far)
  const client = new Client({ name: 'test', version: '1' })
  onTestFinished(() => client.close())
  await client.connect(near)
  await expect(client.listPrompts()).rejects.toMatchObject({
    code: -32_603,
    message: expect.stringMatching(
      /^(?:MCP error -32603: )?Something went wrong inside Vitrine\.$/,
    ),
  })
  expect(told).toEqual(['no such file: /home/ana/.secret'])
})
