/** Posts to a chat: a webhook of Slack, Mattermost or any other that takes {"text"}. A person confirms each message. */
import { AppError, defineTool } from 'vitrine'
import { z } from 'zod'

const webhook = process.env.CHAT_WEBHOOK_URL

export const postToChat = defineTool({
  name: 'post_to_chat',
  title: 'Post to the support channel',
  description:
    'Posts a message to the channel of the support desk, where colleagues read it. Use it only when somebody asks for a post.',
  input: z.object({
    text: z.string().min(1).max(2000).describe('The message, in plain text'),
  }),
  openWorld: true,
  effect: 'write',
  describe: ({ text }) => `Posts to the support channel:\n\n${text}`,
  async run({ text }, { actor, signal }) {
    if (webhook === undefined) throw new AppError('tool_failed', 'No chat is set up here.')
    const response = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: `${text}\n(asked for by ${actor.id})` }),
      redirect: 'error',
      signal,
    })
    if (!response.ok) throw new AppError('tool_failed', `The chat answered ${response.status}.`)
    return { posted: true }
  },
})
