import { type Bill, Tab } from '../bill/bill.ts'
import type { PriceTable } from '../bill/prices.ts'
import { isToolUse } from '../messages.ts'
import { decide } from '../safety/decide.ts'
import { hashOf } from '../safety/hash-of.ts'
import { join, type Labels, noLabels } from '../safety/labels.ts'
import { keyOf } from '../safety/permit.ts'
import type { Entry } from './entry.ts'

export interface Replayed {
  /** Of every request in the transcript, at the prices of the table. */
  readonly bill: Bill
  readonly decisions: number
  readonly calls: number
  /** What the transcript says that does not follow from the rules; none in a run of this version. */
  readonly contradictions: readonly string[]
}

/** Works out again, from the lines alone, what was paid and whether every call was rightly made. */
export function replay(entries: readonly Entry[], table?: PriceTable): Replayed {
  const tab = new Tab(table)
  const check = new Check()
  for (const entry of entries) {
    charge(tab, entry)
    check.follow(entry)
  }
  const { decisions, calls, contradictions } = check
  return { bill: tab.bill, decisions, calls, contradictions }
}

function charge(tab: Tab, entry: Entry): void {
  if (entry.type === 'reply') {
    const { model, usage } = entry.reply
    tab.add({ model, usage, day: entry.day })
  } else if (entry.type === 'broken' && entry.usage !== undefined) {
    const { model, usage, day } = entry
    tab.add({ model, usage, day, brokenOff: true })
  }
}

class Check {
  readonly contradictions: string[] = []
  decisions = 0
  calls = 0
  #read: Labels = noLabels
  /** What may still run, by the call's id. */
  readonly #permitted = new Map<string, string>()
  readonly #facts = new Map<string, Labels>()
  readonly #begun = new Set<string>()
  /** What the model wanted, by the call's id. */
  #wanted = new Map<string, string>()

  follow(entry: Entry): void {
    switch (entry.type) {
      case 'run':
        this.#raise(entry.read)
        return
      case 'decision':
        this.#decision(entry)
        return
      case 'call': {
        this.calls += 1
        const permitted = this.#permitted.get(entry.id) === entry.key
        if (!permitted) this.contradictions.push(`call ${entry.id} ran without a permission`)
        this.#permitted.delete(entry.id)
        this.#begun.add(entry.id)
        return
      }
      case 'result':
        if (this.#begun.has(entry.id)) this.#raise(this.#facts.get(entry.id) ?? noLabels)
        if (!covers(entry.read, this.#read)) {
          this.contradictions.push(`after call ${entry.id} a label had fallen`)
        }
        return
      case 'reply': {
        const uses = entry.reply.content.filter(isToolUse)
        this.#wanted = new Map(uses.map(({ id, input }) => [id, hashOf(input)]))
        return
      }
      case 'message':
      case 'request':
      case 'broken':
      case 'outcome':
    }
  }

  #decision({
    id,
    call,
    key,
    read,
    facts,
    decision,
    approved,
  }: Entry & { type: 'decision' }): void {
    this.decisions += 1
    const again = decide(read, facts, false)
    if (again.verdict !== decision.verdict || again.rule !== decision.rule) {
      this.contradictions.push(`call ${id} was decided otherwise than the rules say`)
    }
    if (this.#wanted.get(id) !== hashOf(call.arguments)) {
      this.contradictions.push(`call ${id} is none that the model wanted`)
    }
    if (key !== keyOf(call)) this.contradictions.push(`call ${id} is another than the one decided`)
    if (!covers(read, this.#read)) {
      this.contradictions.push(`call ${id} was decided as if less had been read`)
    }
    const allowed = again.verdict === 'allow' || (again.verdict === 'confirm' && approved === true)
    if (allowed) this.#permitted.set(id, keyOf(call))
    this.#facts.set(id, { untrusted: facts.untrusted, sensitive: facts.sensitive })
  }

  #raise(labels: Labels): void {
    this.#read = join(this.#read, labels)
  }
}

/** Whatever the other has, the one has. */
const covers = (one: Labels, other: Labels): boolean =>
  (one.untrusted || !other.untrusted) && (one.sensitive || !other.sensitive)
