import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCanonical } from '../../dist/base/canonical.js'
import { decide, type ToolFacts } from '../../dist/agent/safety/decide.js'
import { join, type Labels } from '../../dist/agent/safety/labels.js'
import { type ApprovalRequest, type Call, Gate, keyOf } from '../../dist/agent/safety/permit.js'
import { factsOf } from '../../dist/agent/safety/tool-facts.js'
import { toVisible } from '../../dist/base/visible.js'
import { never } from './support.ts'

const booleans = [false, true]

const everyLabels: Labels[] = booleans.flatMap((untrusted) =>
  booleans.map((sensitive) => ({ untrusted, sensitive })),
)

const everyTool: ToolFacts[] = booleans.flatMap((readOnly) =>
  booleans.flatMap((destructive) =>
    booleans.flatMap((egress) =>
      booleans.flatMap((denied) =>
        everyLabels.map((labels) => ({ readOnly, destructive, egress, denied, ...labels })),
      ),
    ),
  ),
)

/** The rules in words of their own: what must not run without a person. */
const needsPerson = (read: Labels, { readOnly, destructive, egress }: ToolFacts): boolean =>
  (!readOnly && (destructive || read.untrusted)) || (egress && read.untrusted && read.sensitive)

test('every state and every tool is decided by the three rules, and by nothing else', () => {
  for (const read of everyLabels) {
    for (const tool of everyTool) {
      const expected = tool.denied ? 'deny' : needsPerson(read, tool) ? 'confirm' : 'allow'
      expect(decide(read, tool, false).verdict).toBe(expected)
      expect(decide(read, tool, true).verdict).toBe(tool.denied ? 'deny' : 'allow')
    }
  }
})

test('a label that is added never makes a decision milder', () => {
  const severity = { allow: 0, confirm: 1, deny: 2 }
  for (const one of everyLabels) {
    for (const other of everyLabels) {
      for (const tool of everyTool) {
        const [before, after] = [decide(one, tool, false), decide(join(one, other), tool, false)]
        expect(severity[after.verdict]).toBeGreaterThanOrEqual(severity[before.verdict])
      }
    }
  }
})

const worst = { readOnly: false, destructive: true, egress: true, untrusted: true, sensitive: true }
const hints = { readOnlyHint: true, destructiveHint: false, openWorldHint: false }

test('a tool of which nothing is known is the worst there is', () => {
  expect(factsOf({ stated: [], annotations: undefined, trusted: false })).toMatchObject(worst)
})

test('a server that is not trusted cannot make its tools milder, a trusted one can', () => {
  expect(factsOf({ stated: [], annotations: hints, trusted: false })).toMatchObject(worst)
  const believed = factsOf({ stated: [], annotations: hints, trusted: true })
  expect(believed).toMatchObject({ readOnly: true, destructive: false, egress: false })
  expect(believed).toMatchObject({ untrusted: true, sensitive: true })
})

test('what a person states comes before what is said of the server, and a server may tighten it', () => {
  const stated = [{ readOnly: true }, { readOnly: false, egress: false, destructive: false }]
  const facts = factsOf({ stated, annotations: undefined, trusted: false })
  expect(facts).toMatchObject({ readOnly: true, egress: false, destructive: false })
  const annotations = { readOnlyHint: false, destructiveHint: true, openWorldHint: true }
  const tightened = factsOf({ stated, annotations, trusted: false })
  expect(tightened).toMatchObject({ readOnly: false, egress: true, destructive: true })
})

test('an annotation that is no boolean says nothing', () => {
  const annotations = { readOnlyHint: 'true', destructiveHint: 0 }
  expect(factsOf({ stated: [], annotations, trusted: true })).toMatchObject(worst)
})

const call: Call = { server: 's', tool: 't', arguments: { a: 1, b: [2] }, definitionHash: 'd' }
const write = { ...worst, denied: false }
const clean = { untrusted: false, sensitive: false }

test('without a person nothing that needs one is permitted', async () => {
  const judged = await new Gate(undefined).judge(call, [clean, write], never)
  expect(judged).toMatchObject({ approved: false, decision: { rule: 'destructive' } })
  expect(judged.permit).toBeUndefined()
})

test('a person is asked for exactly the call, and changes nothing of it', async () => {
  const seen: ApprovalRequest[] = []
  const gate = new Gate(async (request) => {
    seen.push(structuredClone(request))
    ;(request.arguments as Record<string, unknown>)['a'] = 'other'
    return true
  })
  const { permit, key } = await gate.judge(call, [clean, write], never)
  expect(seen).toEqual([{ ...call, rule: 'destructive', facts: write }])
  expect(permit).toEqual(call)
  expect(key).toBe(keyOf(call))
})

test('an approval is for one call: the next one is asked for again', async () => {
  let asked = 0
  const gate = new Gate(() => Promise.resolve((asked += 1) === 1))
  expect((await gate.judge(call, [clean, write], never)).permit).toBeDefined()
  expect((await gate.judge(call, [clean, write], never)).permit).toBeUndefined()
  expect(asked).toBe(2)
})

test('a denied tool stays denied, and nobody is asked', async () => {
  const gate = new Gate(() => Promise.resolve(true))
  const { permit, approved } = await gate.judge(call, [clean, { ...write, denied: true }], never)
  expect([permit, approved]).toEqual([undefined, undefined])
})

test('a yes that comes after the end of the run is none', async () => {
  const ended = new AbortController()
  const gate = new Gate(() => {
    ended.abort()
    return Promise.resolve(true)
  })
  expect((await gate.judge(call, [clean, write], ended.signal)).permit).toBeUndefined()
})

test('calls are the same when they are equal, whatever the order of their keys, and only then', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
      const turned = Object.fromEntries(Object.entries(input).toReversed())
      expect(keyOf({ ...call, arguments: turned })).toBe(keyOf({ ...call, arguments: input }))
      expect(JSON.parse(toCanonical(input))).toEqual(JSON.parse(JSON.stringify(input)))
    }),
  )
  const others = [
    { ...call, server: 'x' },
    { ...call, tool: 'x' },
    { ...call, definitionHash: 'x' },
    { ...call, arguments: { a: '1', b: [2] } },
    { ...call, arguments: { a: 1, b: [2], c: null } },
  ]
  expect(others.map(keyOf)).not.toContain(keyOf(call))
})

test('what a person is shown holds nothing that hides, moves or turns', () => {
  const nasty = 'a\u001b[2K\u202eb\u2066c\u200bd\u{e0041}e\u00adf\u3164g\u0007h\u2028i\ud800j'
  expect(toVisible(nasty)).toBe(
    'a\\x1b[2K\\u202eb\\u2066c\\u200bd\\u{e0041}e\\xadf\\u3164g\\x07h\\u2028i\\ud800j',
  )
  expect(toVisible('Größe 👩‍👩‍👧 日本')).toBe('Größe 👩‍👩‍👧 日本')
})
