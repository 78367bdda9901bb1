/** Resources and prompts that the suite asks for by name, as the product is told to have its own. */
import type { PromptOptions } from '../../dist/prompts/options.js'
import { pageOf } from '../../dist/resources/page.js'
import type { DeclaredResources, Provider } from '../../dist/resources/provider.js'
import { unknownResource } from '../../dist/resources/unknown-resource.js'
import { png } from './fixture-contents.ts'

const templatePattern = /^test:\/\/template\/\w+\/data$/

const provider: Provider = {
  templates: [
    { uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'text/plain' },
  ],
  list: async (page) =>
    pageOf(
      [
        { uri: 'test://static-text', name: 'text', mimeType: 'text/plain' },
        { uri: 'test://static-binary', name: 'binary', mimeType: 'image/png' },
        { uri: 'test://watched-resource', name: 'watched', mimeType: 'text/plain' },
      ],
      page,
    ),
  owns: (uri) => uri.startsWith('test://'),
  async read(uri) {
    if (uri === 'test://static-binary') return { content: { mimeType: 'image/png', blob: png } }
    const isText = uri === 'test://static-text' || uri === 'test://watched-resource'
    if (!isText && !templatePattern.test(uri)) throw unknownResource(uri)
    return { content: { mimeType: 'text/plain', text: `The text of ${uri}.` } }
  },
  complete: async () => ['1', '2'],
}

export const fixtureResources: DeclaredResources = {
  name: 'fixtures',
  countsFor: 'read_resource',
  source: undefined,
  mayChange: true,
  open: async () => provider,
}

const description = 'A fixture of the conformance suite.'

export const fixturePrompts: readonly PromptOptions[] = [
  {
    name: 'test_simple_prompt',
    description,
    arguments: [],
    messages: [{ role: 'user', text: 'A simple prompt.' }],
  },
  {
    name: 'test_prompt_with_arguments',
    description,
    arguments: [
      { name: 'arg1', required: true, values: ['hello', 'testValue1'] },
      { name: 'arg2', required: true },
    ],
    messages: [{ role: 'user', text: 'Prompt with arguments: {{arg1}} and {{arg2}}' }],
  },
  // Listed by the product, answered by handlers around its own.
  ...['embedded_resource', 'image'].map((what) => ({
    name: `test_prompt_with_${what}`,
    description,
    arguments: [],
    messages: [],
  })),
  { name: 'test_input_required_result_prompt', description, arguments: [], messages: [] },
]
