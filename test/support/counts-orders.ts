import type { FakeScript } from '../../dist/testing/messages-api/index.js'

/** A model that asks the database of whatever server how many orders there are, then says so. */
export const countsOrders: FakeScript = ({ messages = [], tools = [] }) => {
  if (JSON.stringify(messages.at(-1)).includes('tool_result'))
    return { content: [{ type: 'text', text: 'There are 16,000 orders.' }] }
  const name = tools
    .map((tool) => String(tool['name']))
    .find((one) => one.endsWith('query_database'))
  const input = { query: 'SELECT count(*) AS orders FROM orders' }
  return { content: [{ type: 'tool_use', id: 'call_1', name, input }] }
}
