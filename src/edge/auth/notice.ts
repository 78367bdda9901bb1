/** Told what is wrong, or undefined where nothing is any more. */
export type Notice = (problem: string | undefined) => void

/** Passes a problem on once, until it is another or over. */
export function createNotice(tell: (message: string) => void): Notice {
  let told: string | undefined
  return (problem) => {
    if (problem !== undefined && problem !== told) tell(problem)
    if (problem === undefined && told !== undefined) tell(`Over: ${told}`)
    told = problem
  }
}
