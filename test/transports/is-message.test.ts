import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
} from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMessage } from '../../dist/transports/is-message.js'

/** Mostly the first. */
const mostly = (right: unknown, ...others: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4 * others.length, arbitrary: fc.constant(right) },
    ...others.map((other) => fc.constant(other)),
  )

const sometimes = (...values: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.constantFrom(undefined, ...values)

const meta = fc.record({
  progressToken: sometimes('p', 5, 1.5, {}, null),
  'io.modelcontextprotocol/related-task': sometimes({ taskId: 'x' }, { taskId: 5 }, 'x', null),
})
const params = fc.oneof(
  sometimes({}, [], null, 'x', 5),
  fc.record({ _meta: fc.oneof(sometimes([], null, 'x'), meta), name: sometimes('x') }),
)
const error = fc.record({
  code: sometimes(1, -32_600, 1.5, 'x', 2 ** 60),
  message: sometimes('no', 5),
  data: sometimes({}),
})
const value = fc.record({
  jsonrpc: mostly('2.0', '1.0', 2),
  id: mostly(1, undefined, 'a', 1.5, null, {}, 2 ** 60),
  method: mostly('ping', undefined, 5, null),
  params,
  result: fc.oneof(
    sometimes(5, [], null, 'x'),
    fc.record({ _meta: sometimes({}, 5, { 'io.modelcontextprotocol/serverInfo': 5 }) }),
  ),
  error: fc.oneof(sometimes('x', null, []), error),
  extra: mostly(undefined, 1),
})

const isOfLibrary = (message: unknown): boolean =>
  [isJSONRPCRequest, isJSONRPCNotification, isJSONRPCResultResponse, isJSONRPCErrorResponse].some(
    (isOne) => isOne(message),
  )

test('a message is what the protocol library takes for one', () => {
  let taken = 0
  const check = (of: fc.Arbitrary<unknown>): void =>
    fc.assert(
      fc.property(of, (one) => {
        // As it comes over the wire.
        const message = JSON.parse(JSON.stringify(one)) as unknown
        if (isOfLibrary(message)) taken += 1
        expect(isMessage(message)).toBe(isOfLibrary(message))
      }),
      { numRuns: 700 },
    )
  check(value)
  // Whole ones, which are rare among those.
  check(fc.tuple(value, fc.constantFrom(['params', 'method'], ['result'], ['error'])).map(only))
  check(fc.jsonValue())
  expect(taken).toBeGreaterThan(30)
})

function only([all, keys]: [object, readonly string[]]): object {
  const kept = ['jsonrpc', 'id', ...keys]
  return Object.fromEntries(Object.entries(all).filter(([key]) => kept.includes(key)))
}
