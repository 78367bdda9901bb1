import type { Estimate, Value } from '../source.ts'

/** A node of EXPLAIN (FORMAT JSON), as far as it is read here. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Total Cost': number
  readonly 'Plan Rows': number
  readonly Plans?: readonly PlanNode[]
}

/** The whole plan, and the step that adds most to it. */
export function toEstimate(json: Value | undefined): Estimate | undefined {
  if (typeof json !== 'string') return undefined
  const [{ Plan: plan } = {}] = JSON.parse(json) as { readonly Plan?: PlanNode }[]
  if (plan === undefined) return undefined
  const step = allNodes(plan).reduce((one, other) => (ownCost(other) > ownCost(one) ? other : one))
  return { cost: plan['Total Cost'], rows: plan['Plan Rows'], step: describe(step) }
}

const allNodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(allNodes)]

/** What the node costs beside those below it. */
const ownCost = ({ 'Total Cost': total, Plans: below = [] }: PlanNode): number =>
  total - below.reduce((sum, node) => sum + node['Total Cost'], 0)

function describe(node: PlanNode): string {
  const table = node['Relation Name']
  return table === undefined ? node['Node Type'] : `${node['Node Type']} on ${table}`
}
