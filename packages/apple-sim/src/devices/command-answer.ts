/** What a device says to a command. */
import type { PlistDict } from '@apportion/apple-wire/plist'

/** One item of Apple's error chain. */
export interface ChainItem {
  readonly domain: string
  readonly number: number
  readonly text: string
}

export interface Answer {
  readonly status: 'Acknowledged' | 'Error' | 'CommandFormatError' | 'NotNow'
  /** Stand at the top level of the report. */
  readonly results?: PlistDict
  readonly chain?: readonly ChainItem[]
}

export const MDM_DOMAIN = 'MCMDMErrorDomain'

export const acknowledged = (results: PlistDict = {}): Answer => ({ status: 'Acknowledged', results })

export const NOT_NOW: Answer = { status: 'NotNow' }

/** Refused with a number of `MCMDMErrorDomain`. */
export const refused = (number: number, text: string, results: PlistDict = {}): Answer => ({
  status: 'Error',
  results,
  chain: [{ domain: MDM_DOMAIN, number, text }],
})

/** Not understood at all. */
export const formatError = (text: string): Answer => ({
  status: 'CommandFormatError',
  chain: [{ domain: MDM_DOMAIN, number: 12008, text }],
})

/** `ErrorChain`, outermost first. */
export const errorChain = (chain: readonly ChainItem[]): readonly PlistDict[] =>
  chain.map(({ domain, number, text }) => ({
    ErrorCode: number,
    ErrorDomain: domain,
    LocalizedDescription: text,
    USEnglishDescription: text,
  }))
