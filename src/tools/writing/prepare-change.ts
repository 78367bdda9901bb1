import type { Actor } from '../../base/actor.ts'
import { counted } from '../../base/counted.ts'
import { AppError, toAppError } from '../../base/error.ts'
import { toAnswer } from '../../results/answer.ts'
import type { Change, Changed, ChangeRun } from '../../sources/change.ts'
import { ofTheStatement, toOperators } from '../curated/callers-failure.ts'
import { choicesOf } from '../curated/narrower.ts'
import { toBindings } from '../curated/to-bindings.ts'
import { identityOf } from '../identity.ts'
import { claimedNames, type Values } from '../parameters.ts'
import type { DeclaredSource, Writable } from '../served-source.ts'
import type { Answer, Plan, Prepared } from '../tool.ts'
import type { ChangeQuestion } from './change-question.ts'

export interface ChangeCall {
  readonly question: ChangeQuestion
  readonly values: Values
  readonly actor: Actor | undefined
}

/** The change as it will run, and what a person is told of it. Nothing is connected to. */
export async function prepareChange(
  source: DeclaredSource,
  { question, values, actor }: ChangeCall,
): Promise<Prepared> {
  const { sql, parameters } = question
  const { most, wholeTable } = question.change
  const { writable } = source
  if (writable === undefined) throw notWritable(source.name)
  const served = await source.open()
  const identity = identityOf(actor, served.identity)
  const bindings = toBindings(parameters, values)
  try {
    const change = served.guard.judgeChange(sql, { bindings, wholeTable })
    const definition = JSON.stringify([writable.place, change.text, change.table, most, identity])
    return {
      plan: toPlan(source.name, { question, values, definition }),
      run: ({ signal }) =>
        runChange(source, {
          writable,
          change,
          question,
          run: { limits: served.limits, most, signal, identity },
        }),
    }
  } catch (error) {
    throw toWritersFailure(error, question)
  }
}

function toPlan(
  source: string,
  { question, values, definition }: Omit<ChangeCall, 'actor'> & { definition: string },
): Plan {
  const { most } = question.change
  return {
    action: `Run this on ${source}`,
    text: question.sql,
    values,
    closedToModel: claimedNames(question.parameters),
    bounds: `At most ${counted(most, 'row')} may change; where it would be more, nothing does.`,
    definition,
  }
}

interface Running {
  readonly writable: Writable
  readonly change: Change
  readonly question: ChangeQuestion
  readonly run: ChangeRun
}

/** Once, whatever comes of it. */
async function runChange(
  { name, caching }: DeclaredSource,
  { writable, change, question, run }: Running,
): Promise<Answer> {
  try {
    const writer = await writable.open()
    return toChangedAnswer(await writer.change(change, run))
  } catch (error) {
    throw toWritersFailure(error, question)
  } finally {
    // Whatever came of it: answers of before are not given again, here or elsewhere.
    await caching?.cache.drop({ source: name, scope: 'results' })
  }
}

const toChangedAnswer = ({ affected, returned }: Changed): Answer => ({
  affected_rows: affected,
  ...(affected === 0 && { hint: 'No row was meant by these values, so nothing was changed.' }),
  ...(returned && toAnswer(returned)),
})

/** In words of whoever called the tool, and sees its parameters and no statement. */
function toWritersFailure(thrown: unknown, question: ChangeQuestion): AppError {
  const error = toAppError(thrown)
  if (ofTheStatement.has(error.code)) return toOperators(error, question)
  if (error.code !== 'query_failed') return error
  const names = choicesOf(question)
  const others = names.length === 0 ? '' : ` Other values of ${names.join(', ')} may be taken.`
  return new AppError('query_failed', error.message, {
    hint: `The database did not take it, and nothing was changed.${others}`,
    cause: error.cause,
  })
}

const notWritable = (name: string): AppError =>
  new AppError('config_invalid', `The source ${name} is not writable.`)
