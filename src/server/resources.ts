import type { ListResourcesResult, ReadResourceResult, Server } from '@modelcontextprotocol/server'
import type { Asking } from './asking.ts'

/** What runs questions about resources is loaded with the first one. */
const load = () => import('../resources/questions.ts')

/** The methods that a client finds and reads resources with (MCP: resources). */
export function answerResources(server: Server, { toolset, ask }: Asking): void {
  server.setRequestHandler('resources/list', async ({ params }, context) => {
    const { listing } = await load()
    const given = { cursor: params?.cursor }
    const answer = await ask(listing(toolset().resources, given.cursor), given, context)
    return answer as unknown as ListResourcesResult
  })
  server.setRequestHandler('resources/templates/list', async () => {
    const { listTemplates } = await load()
    return { resourceTemplates: [...(await listTemplates(toolset().resources))] }
  })
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    const { reading } = await load()
    const { contents } = await ask(await reading(toolset().resources, uri), { uri }, context)
    return { contents } as ReadResourceResult
  })
}
