import type { IncomingMessage } from 'node:http'
import { AppError } from '../../base/error.ts'

/** Bytes of one body: a statement and its arguments are far below. */
const mostBytes = 1024 * 1024
/** Bytes of all bodies that are being read. */
const mostBytesInAll = 64 * 1024 * 1024

export type BodyReader = (request: IncomingMessage) => Promise<string>

/**
 * A reader of bodies that keeps a bounded number of bytes, however many clients send.
 *
 * @throws AppError `request_too_large`, `too_busy`, or `invalid_input` where it is cut short
 */
export function createBodyReader(): BodyReader {
  let kept = 0
  return (request) =>
    new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      let bytes = 0
      const end = (): void => {
        kept -= bytes
        request.off('data', take).off('end', finish).off('close', breakOff).off('error', breakOff)
      }
      const fail = (error: AppError): void => {
        end()
        request.pause()
        reject(error)
      }
      const take = (part: Buffer): void => {
        bytes += part.length
        kept += part.length
        if (bytes > mostBytes) return fail(tooLarge())
        if (kept > mostBytesInAll) return fail(tooMany())
        parts.push(part)
      }
      const finish = (): void => {
        end()
        resolve(Buffer.concat(parts, bytes).toString())
      }
      const breakOff = (): void => fail(cutShort())
      if (Number(request.headers['content-length'] ?? 0) > mostBytes) return reject(tooLarge())
      request.on('data', take).on('end', finish).on('close', breakOff).on('error', breakOff)
    })
}

const tooLarge = (): AppError =>
  new AppError('request_too_large', 'The body of the request is longer than 1 MiB.')

const tooMany = (): AppError =>
  new AppError('too_busy', 'Too much is being sent to this server at the moment.')

const cutShort = (): AppError =>
  new AppError('invalid_input', 'The body of the request ended early.')
