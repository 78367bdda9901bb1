import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { expect, onTestFinished, test } from 'vitest'
import { ToolServer } from '../../dist/server/tool-server.js'

test('a fault in answering a request tells the client nothing, and whoever runs the server all', async () => {
  const told: unknown[] = []
  const server = new ToolServer(
    { name: 'test', version: '1' },
    { capabilities: { prompts: {} }, onFault: (error) => void told.push(error) },
  )
  const fault = new Error('no such file: /home/ana/.secret')
  server.setRequestHandler('prompts/list', () => {
    throw fault
  })
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
  expect(told).toEqual([fault])
})
