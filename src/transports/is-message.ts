/**
 * JSON-RPC messages as MCP has them (MCP: basic protocol, messages), told apart without the protocol library, which a
 * test compares this with.
 */
import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { isObject } from '../base/is-object.ts'

export function isMessage(value: unknown): value is JSONRPCMessage {
  if (!isObject(value) || value['jsonrpc'] !== '2.0') return false
  const { id, method, params, result, error } = value
  const keys = Object.keys(value).filter((key) => value[key] !== undefined)
  const hasOnly = (...known: readonly string[]): boolean => keys.every((key) => known.includes(key))
  if (typeof method === 'string')
    return hasOnly('jsonrpc', 'id', 'method', 'params') && isIdOrNone(id) && areParams(params)
  if (result !== undefined)
    return hasOnly('jsonrpc', 'id', 'result') && isId(id) && isResult(result)
  return hasOnly('jsonrpc', 'id', 'error') && isIdOrNone(id) && isError(error)
}

const isId = (id: unknown): boolean => typeof id === 'string' || Number.isSafeInteger(id)

const isIdOrNone = (id: unknown): boolean => id === undefined || isId(id)

const areParams = (params: unknown): boolean =>
  params === undefined || (isObject(params) && isMeta(params['_meta']))

const relatedTask = 'io.modelcontextprotocol/related-task'

function isMeta(meta: unknown): boolean {
  if (meta === undefined) return true
  if (!isObject(meta)) return false
  const task = meta[relatedTask]
  return (
    isIdOrNone(meta['progressToken']) &&
    (task === undefined || (isObject(task) && typeof task['taskId'] === 'string'))
  )
}

const isResult = (result: unknown): boolean =>
  isObject(result) && (result['_meta'] === undefined || isObject(result['_meta']))

const isError = (error: unknown): boolean =>
  isObject(error) && Number.isSafeInteger(error['code']) && typeof error['message'] === 'string'
