/** RFC 9110 §5.6.2. */
export const headerNamePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** What is the connection's own, or says who asks: neither a model nor a document sets it. */
const reserved = new Set([
  'host',
  'connection',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'forwarded',
  'via',
])

const identifying = new Set(['authorization', 'cookie', 'origin', 'referer'])

/** True for what no config may set either. */
export const isConnectionHeader = (name: string): boolean =>
  reserved.has(name.toLowerCase()) || name.toLowerCase().startsWith('proxy-')

export const isReservedHeader = (name: string): boolean =>
  isConnectionHeader(name) ||
  identifying.has(name.toLowerCase()) ||
  /^(?:x-forwarded-|x-real-ip$|sec-|x-http-method)/i.test(name)
