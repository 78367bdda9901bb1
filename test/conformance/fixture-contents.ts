/** Contents that no tool of Vitrine gives, and the suite wants to see pass. */
import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server'

/** One pixel (PNG), and no sample at all (WAV). */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA='

const image: ContentBlock = { type: 'image', data: png, mimeType: 'image/png' }

const embedded = (uri: string, mimeType: string, text: string): ContentBlock => ({
  type: 'resource',
  resource: { uri, mimeType, text },
})

const contents: Readonly<Record<string, ContentBlock[]>> = {
  test_image_content: [image],
  test_audio_content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
  test_embedded_resource: [embedded('test://embedded-resource', 'text/plain', 'Embedded.')],
  test_multiple_content_types: [
    { type: 'text', text: 'Several kinds at once:' },
    image,
    embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
  ],
}

export const contentNames: readonly string[] = Object.keys(contents)

export function answerWithContents(name: string): CallToolResult | undefined {
  const content = contents[name]
  return content && { content }
}
