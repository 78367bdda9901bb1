/** Told what is wrong, or undefined where nothing is any more. */
export type Report = (problem: string | undefined) => void

/** Passes a problem on once, until it is another or over. */
export function createReport(tell: (message: string) => void): Report {
  let told: string | undefined
  return (problem) => {
    if (problem !== undefined && problem !== told) tell(problem)
    if (problem === undefined && told !== undefined) tell(`over: ${told}`)
    told = problem
  }
}
