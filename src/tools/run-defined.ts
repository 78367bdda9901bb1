import { AppError, cancelled } from '../base/error.ts'
import { type Actor, allows } from '../base/actor.ts'
import { toAnswer } from '../results/answer.ts'
import {
  type DefinedTool,
  type SchemaIssue,
  type ToolContext,
  toJsonSchema,
} from './defined-tool.ts'
import { runStatement } from './query/run-statement.ts'
import { type DeclaredSources, pickSource } from './served-source.ts'
import { bindingsOf } from './query/bindings-of.ts'
import { toCanonical } from '../base/canonical.ts'
import { toTitle } from './title.ts'
import {
  type Answer,
  type CallContext,
  type InputSchema,
  type Prepared,
  readOnly,
  type Tool,
  writing,
} from './tool.ts'
import { refuseUnconfirmed } from './confirm/unconfirmed.ts'

/** Bytes of an answer, as JSON; models and clients take no more. */
const mostBytes = 200_000

/** A defined tool as one of the server's. */
export function toTool(defined: DefinedTool, sources: DeclaredSources): Tool {
  const { name, title, description, input, source, long, openWorld = false } = defined
  const parts: Parts = { defined, sources }
  const { $schema: _dialect, ...schema } = toJsonSchema(input)
  return {
    name,
    title: title ?? toTitle(name),
    description,
    source,
    ...(long === true && { mayTakeLong: true }),
    inputSchema: schema as InputSchema,
    annotations: {
      ...(defined.effect === undefined ? readOnly : writing),
      openWorldHint: openWorld,
    },
    subject: () => ({ source }),
    ...(defined.effect === undefined
      ? { run: async (given, context) => runDefined(parts, await check(defined, given), context) }
      : {
          run: refuseUnconfirmed,
          effect: { prepare: (given, context) => prepare(parts, given, context) },
        }),
  }
}

interface Parts {
  readonly defined: DefinedTool
  readonly sources: DeclaredSources
}

async function check({ name, input }: DefinedTool, given: unknown): Promise<unknown> {
  const validate = async () => input['~standard'].validate(given ?? {})
  const checked = await validate().catch((thrown: unknown) => {
    throw failed(name, thrown)
  })
  if (checked.issues !== undefined) throw wrongArguments(name, checked.issues)
  return checked.value
}

async function runDefined(
  { defined, sources }: Parts,
  input: unknown,
  context: CallContext,
): Promise<Answer> {
  const { name } = defined
  const answer = await defined.run(input, toContext(context, sources)).catch((thrown: unknown) => {
    throw toFailure(thrown, name, context)
  })
  return bounded(typeof answer === 'string' ? { text: answer } : answer, name)
}

/** What its author says that it will do, and the arguments that it will be given. */
async function prepare(parts: Parts, given: unknown, context: CallContext): Promise<Prepared> {
  const { defined, sources } = parts
  const { name, title = toTitle(name) } = defined
  const input = await check(defined, given)
  const describe = async (): Promise<string | undefined> =>
    defined.describe?.(input, toContext(context, sources))
  const text = await describe().catch((thrown: unknown) => {
    throw toFailure(thrown, name, context)
  })
  if (text === undefined || text.trim() === '')
    throw new AppError('tool_failed', `${name} does not say what it will do.`)
  return {
    plan: {
      action: title,
      text,
      values: { ...(given as object) },
      bounds: 'It does this once.',
      // What is read anew may do something else under the same words.
      definition: toCanonical([defined.run.toString(), input ?? null]),
    },
    run: (later) => runDefined(parts, input, later),
  }
}

const nobody: Pick<Actor, 'id' | 'claims'> = { id: 'nobody', claims: {} }

function toContext(context: CallContext, sources: DeclaredSources): ToolContext {
  const { actor, signal } = context
  return {
    actor: actor === undefined ? nobody : { id: actor.id, claims: actor.claims },
    signal,
    onProgress: (progress) => context.onProgress?.(progress),
    async query(source, statement, { values = {}, rows = Number.POSITIVE_INFINITY } = {}) {
      const open = new Map([...sources].filter(([name]) => allows(actor?.sources ?? [], name)))
      const served = await pickSource(open, source).open()
      const bindings = bindingsOf(values)
      const run = { text: statement, rows, ...(bindings && { bindings }) }
      return toAnswer(await runStatement(served, run, context))
    },
  }
}

function bounded(answer: Answer, name: string): Answer {
  const bytes = bytesOf(answer, name)
  if (typeof answer === 'object' && answer !== null && bytes <= mostBytes) return answer
  if (bytes > mostBytes)
    throw new AppError('result_too_large', `${name} gave ${bytes} bytes; ${mostBytes} is the most.`)
  throw new AppError('tool_failed', `${name} gave no JSON object.`)
}

/** A circle and a bigint are no JSON, nor is what is nested without end. */
function bytesOf(answer: Answer, name: string): number {
  try {
    return Buffer.byteLength(JSON.stringify(answer) ?? '')
  } catch (cause) {
    throw new AppError('tool_failed', `${name} gave what JSON has no words for.`, { cause })
  }
}

function toFailure(thrown: unknown, name: string, { signal }: CallContext): AppError {
  if (thrown instanceof AppError) return thrown
  if (signal.aborted) return cancelled()
  return failed(name, thrown)
}

const failed = (name: string, cause: unknown): AppError =>
  new AppError('tool_failed', `${name} failed.`, { cause })

function wrongArguments(name: string, issues: readonly SchemaIssue[]): AppError {
  const mistakes = issues.map(({ path = [], message }) => {
    const where = path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
    return where === '' ? message : `${where}: ${message}`
  })
  return new AppError('invalid_input', `Wrong arguments for ${name}: ${mistakes.join('; ')}.`)
}
