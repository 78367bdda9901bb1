/** The text if it is short enough, else its beginning and a sign that there was more. */
export const shorten = (text: string, longest: number): string =>
  // A pair of surrogates that the cut went through would be no text.
  text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
