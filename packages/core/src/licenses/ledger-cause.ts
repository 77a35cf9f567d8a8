/**
 * Why a line stands in the ledger (L13): stable codes, the words for them in English, and the phrases that older
 * lines carry instead of a code. The console translates by code.
 */

/** What a line of the ledger says of a license. `refused`: Apple did not do what it was asked for. */
export type LedgerChange = 'granted' | 'released' | 'refused' | 'found' | 'vanished' | 'adopted'

/** Every cause. */
export const ledgerCauses = [
  'assigned',
  'read_back',
  'done_late',
  'no_longer_required',
  'taken_back',
  'freed',
  'adopted',
  'undone',
  'refused_by_apple',
  'release_refused_by_apple',
  'given_outside',
  'taken_outside',
  'found_at_first_sync',
  'found_at_sync',
  'gone_at_sync',
  'other',
] as const

export type LedgerCause = (typeof ledgerCauses)[number]

/** Each cause as one English sentence about the license. */
export const causeTexts: Readonly<Record<LedgerCause, string>> = {
  assigned: 'An assignment requires it; Apple confirmed.',
  read_back: "Apple's answer was lost; that it was done was read back from Apple.",
  done_late: 'Apple carried it out late, after it had been given up here.',
  no_longer_required: 'No assignment requires it any more; Apple confirmed.',
  taken_back: 'An administrator took it back.',
  freed: 'An administrator freed what was held outside Apportion.',
  adopted: 'An administrator adopted it; from then on assignments apply.',
  undone: 'An administrator undid taking it back, so its holder got it again.',
  refused_by_apple: 'Apple refused to give it.',
  release_refused_by_apple: 'Apple refused to take it back.',
  given_outside: 'Another system or person gave it.',
  taken_outside: 'Another system or person took it back.',
  found_at_first_sync: 'It was held already when this location was synced for the first time.',
  found_at_sync: 'A sync found it at Apple; another system or person gave it.',
  gone_at_sync: 'A sync no longer found it at Apple.',
  other: 'For another reason.',
}

/** What is stored in a line. */
export interface StoredCause {
  readonly change: LedgerChange
  /** A code of this table, with Apple's error number behind it in parentheses if there is one, or an older phrase. */
  readonly cause: string
  /** The kind of intervention that the line belongs to. */
  readonly intervention: 'take_back' | 'free' | 'adopt' | 'undo' | null
}

/** The cause of a line, and Apple's error number if the line tells one. */
export function readCause(line: StoredCause): {
  readonly code: LedgerCause
  readonly errorNumber: number | null
} {
  const [, text = '', digits] = /^(.*?)(?: \((\d+|no number)\))?$/s.exec(line.cause) ?? []
  const number = Number(digits)
  return {
    code: codeOf(line, text),
    errorNumber: digits === undefined || Number.isNaN(number) ? null : number,
  }
}

/** How a cause with Apple's error number is stored. */
export function causeWithNumber(code: LedgerCause, errorNumber: number | null): string {
  return errorNumber === null ? code : `${code} (${errorNumber})`
}

function codeOf({ change, intervention }: StoredCause, text: string): LedgerCause {
  if (change === 'released' && intervention === 'take_back') return 'taken_back'
  if (change === 'released' && intervention === 'free') return 'freed'
  if (change === 'granted' && intervention === 'undo') return 'undone'
  if (isCause(text)) return text
  const phrase = phrases.get(text)
  if (phrase === 'confirmed') return change === 'released' ? 'no_longer_required' : 'assigned'
  return phrase ?? 'other'
}

function isCause(text: string): text is LedgerCause {
  return Object.hasOwn(causeTexts, text)
}

/** The phrases of lines that were written before there were codes. `confirmed`: what for, tells the change. */
const phrases: ReadonlyMap<string, LedgerCause | 'confirmed'> = new Map([
  ['confirmed by Apple', 'confirmed'],
  ['read back from Apple', 'read_back'],
  ['done late by Apple', 'done_late'],
  ['refused by Apple', 'refused_by_apple'],
  ['given outside Apportion', 'given_outside'],
  ['taken back outside Apportion', 'taken_outside'],
  ['no longer held at Apple', 'gone_at_sync'],
])
