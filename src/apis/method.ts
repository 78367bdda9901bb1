/** The first two change nothing by what HTTP says of them (RFC 9110 §9.2.1). */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof methods)[number]

/** True for what is sent once only, and after a person has confirmed it. */
export const isWriting = (method: string): boolean => method !== 'GET' && method !== 'HEAD'
