/** Reports (MDM protocol): what a device sends on the command channel, to ask for a command or to answer one. */
import { dictsField, numberField, textField } from './plist-fields.ts'
import type { PlistDict } from './plist-value.ts'

export const reportStatuses = ['Idle', 'Acknowledged', 'Error', 'CommandFormatError', 'NotNow'] as const

/**
 * `Idle` asks for a command; `Acknowledged` did or took on what it was told; `Error` failed; `CommandFormatError` did not
 * understand; `NotNow` cannot at the moment and forgets the command.
 */
export type ReportStatus = (typeof reportStatuses)[number]

/** One item of Apple's error chain. The text is the device's: not to be trusted. */
export interface ReportedError {
  readonly domain: string
  readonly code: number
  readonly text: string
}

export interface Report {
  readonly status: ReportStatus
  /** Absent with `Idle`. */
  readonly commandId?: string
  /** Newer systems repeat what they were told. */
  readonly requestType?: string
  /** Outermost first, at most 20. */
  readonly errors: readonly ReportedError[]
  /** The whole message: results stand at its top level. */
  readonly message: PlistDict
}

const MOST_ERRORS = 20
const MOST_TEXT = 1000

/** The report in a dictionary; `undefined` without a known `Status`, or for an answer that does not say to what. */
export function readReport(message: PlistDict): Report | undefined {
  const status = reportStatuses.find((known) => known === textField(message, 'Status'))
  if (status === undefined) return undefined
  const commandId = textField(message, 'CommandUUID')
  if (status !== 'Idle' && commandId === undefined) return undefined
  const requestType = textField(message, 'RequestType')
  return {
    status,
    ...(commandId === undefined ? {} : { commandId }),
    ...(requestType === undefined ? {} : { requestType }),
    errors: readErrorChain(message),
    message,
  }
}

/** The error chain of a report, or of one item in it (`Settings` answers each item). */
export function readErrorChain(dict: PlistDict): readonly ReportedError[] {
  return dictsField(dict, 'ErrorChain')
    .slice(0, MOST_ERRORS)
    .map((item) => ({
      domain: (textField(item, 'ErrorDomain') ?? '').slice(0, MOST_TEXT),
      code: numberField(item, 'ErrorCode') ?? 0,
      text: (textField(item, 'USEnglishDescription') ?? textField(item, 'LocalizedDescription') ?? '').slice(
        0,
        MOST_TEXT,
      ),
    }))
}
