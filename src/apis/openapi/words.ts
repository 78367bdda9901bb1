import { shorten } from '../../base/shorten.ts'

/**
 * What a document says, as short as a model needs it: every tool is read in every conversation. The first
 * paragraph, without the addresses of links and without HTML.
 */
export function toWords(written: unknown, longest: number): string {
  if (typeof written !== 'string') return ''
  const [paragraph = ''] = written
    .slice(0, mostRead)
    .trim()
    .split(/\n\s*\n/)
  const plain = paragraph
    .replaceAll(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
    .replaceAll(/<\/?[a-z][^<>]*>/gi, ' ')
    .replaceAll(/\s+/g, ' ')
  return shorten(plain.trim(), longest)
}

const mostRead = 5000
