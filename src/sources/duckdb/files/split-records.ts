/** The beginning of a delimited text as records of fields; a record that the text breaks off is left out. */
export function splitRecords(text: string, delimiter: string, most: number): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let quoted = false
  const endField = (): void => {
    record.push(field)
    field = ''
  }
  const endRecord = (): void => {
    endField()
    if (record.length > 1 || record[0] !== '') records.push(record)
    record = []
  }
  for (let at = 0; at < text.length && records.length < most; at++) {
    const sign = text.charAt(at)
    if (quoted) {
      if (sign !== '"') field += sign
      else if (text.charAt(at + 1) === '"') field += text.charAt(++at)
      else quoted = false
    } else if (sign === '"' && field === '') quoted = true
    else if (sign === delimiter) endField()
    else if (sign === '\n') endRecord()
    else if (sign !== '\r') field += sign
    else if (text.charAt(at + 1) !== '\n') endRecord()
  }
  // Without an end of line the last record is whole only where the text is.
  if (records.length < most && !quoted && (field !== '' || record.length > 0)) endRecord()
  return records
}
