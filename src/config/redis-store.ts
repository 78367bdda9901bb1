/** A Redis that processes share, and what our names in it begin with. */
import { z } from 'zod'

const expectedUrl = 'expected a URL such as redis://127.0.0.1:6379'
/** Behind the host may come the number of a database. An editor may see a variable instead. */
const urlPattern = /^rediss?:\/\/[^/?#\s]+(?:\/\d*)?$|^\$\{/

const keyPrefixPattern = /^[\w:.{}-]{1,100}$/

export const redisUrl = () =>
  z
    .string()
    .regex(urlPattern, expectedUrl)
    .refine((url) => URL.canParse(url), expectedUrl)

export const keyPrefix = () =>
  z.string().regex(keyPrefixPattern, 'expected up to 100 letters, digits and _ : . - { }')
