/** Serial numbers as the directory, Apple and a person's spreadsheet have to agree on them. */

const serialForm = /^[A-Za-z0-9-]{4,32}$/

/**
 * The serial number in the one spelling that is stored and sent to Apple: upper case, without spaces around it.
 * Undefined when it is not 4 to 32 letters, digits or hyphens. A leading S stays: some serial numbers have one.
 */
export function parseSerialNumber(text: string): string | undefined {
  const serial = text.trim()
  // Checked before it is upper-cased, which would turn a ligature or a sharp s into two letters.
  return serialForm.test(serial) ? serial.toUpperCase() : undefined
}

/** Why a text is no serial number and what to do, in one sentence. */
export function serialNumberProblem(text: string): string {
  if (/^\d[\d.,]*E\+?\d+$/i.test(text.trim())) {
    return 'A spreadsheet shortened this serial number to a power of ten; format the column as text and fill it in again'
  }
  return 'A serial number has 4 to 32 letters, digits or hyphens; correct it'
}
