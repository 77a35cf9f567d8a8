/**
 * What an answer of Apple's says, decided from its status and its text alone.
 *
 * Apple sends failures with any status, 200 included, so the body is looked at first.
 */
import type { Envelope, ErrorInfo, MdmInfo } from '@apportion/apple-wire/messages'
import { AppleError, AppsBooksError, type Call } from './errors.ts'
import { parseRetryAfter } from './retry.ts'

export interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
}

export type JsonObject = Readonly<Record<string, unknown>>

/** The JSON object of a body, `undefined` for everything else. */
export function parseBody(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    // The parser quotes its input, which may hold a secret, so its error goes nowhere.
    return undefined
  }
}

/** The failure that the answer stands for, `undefined` for a success. */
export function failureOf(
  { status, retryAfter }: Answer,
  body: JsonObject | undefined,
  { call, secrets, now }: { readonly call: Call; readonly secrets: readonly string[]; readonly now: Date },
): AppleError | AppsBooksError | undefined {
  const retryAfterMs = parseRetryAfter(retryAfter, now)
  const errorNumber = Number(body?.errorNumber ?? 0)
  if (Number.isInteger(errorNumber) && errorNumber !== 0) {
    const appleSays = quoted(body?.errorMessage, secrets)
    const errorInfo = errorInfoOf(body?.errorInfo)
    return new AppleError({ errorNumber, httpStatus: status, call, appleSays, errorInfo, retryAfterMs })
  }
  if (isSuccess(status) && body !== undefined) return undefined
  const code = codeWithoutNumber(call.method, status)
  const message = `${call.method} ${call.path} ${EXPLAINED[code]} (status ${status})`
  return new AppsBooksError(code, message, { httpStatus: status, retryAfterMs })
}

const EXPLAINED = {
  'apple.redirected':
    'was answered with a redirect, which is not followed so that the token stays where it belongs',
  'apple.not_json': 'was not answered with JSON, perhaps by a proxy in between',
  'apple.outcome_unknown':
    'was answered by something that does not say whether Apple carried it out; read what Apple has before sending it again',
  'apple.http_error': 'was refused without an error number of Apple’s, perhaps by a proxy in between',
} as const

function codeWithoutNumber(method: 'GET' | 'POST', status: number): keyof typeof EXPLAINED {
  if (status >= 300 && status < 400) return 'apple.redirected'
  // A browser hides the status of a redirect that it was told not to follow.
  if (status === 0) return 'apple.redirected'
  if (method === 'POST' && leavesOutcomeOpen(status)) return 'apple.outcome_unknown'
  return isSuccess(status) ? 'apple.not_json' : 'apple.http_error'
}

/** A 4xx is a refusal; a success without JSON, a gateway's 5xx or 408 can come after the work was done. */
const leavesOutcomeOpen = (status: number): boolean => isSuccess(status) || status === 408 || status >= 500

const isSuccess = (status: number): boolean => status >= 200 && status < 300

/** What every authenticated answer tells of the organizational unit, `undefined` when it tells nothing. */
export function envelopeOf(body: JsonObject): Envelope | undefined {
  const { uId, tokenExpirationDate, mdmInfo } = body
  const envelope: Envelope = {
    ...(typeof uId === 'string' || typeof uId === 'number' ? { uId: String(uId) } : {}),
    ...(typeof tokenExpirationDate === 'string' ? { tokenExpirationDate } : {}),
    ...(isObject(mdmInfo) ? { mdmInfo: mdmInfoOf(mdmInfo) } : {}),
  }
  return Object.keys(envelope).length === 0 ? undefined : envelope
}

function mdmInfoOf({ id, name, metadata }: JsonObject): MdmInfo {
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof metadata === 'string' ? { metadata } : {}),
  }
}

function errorInfoOf(value: unknown): ErrorInfo | undefined {
  if (!isObject(value)) return undefined
  const assets = listOf(value.assets)
    .filter(isObject)
    .filter((asset) => asset.adamId !== undefined)
    .map(({ adamId, pricingParam }) => ({
      adamId: String(adamId),
      ...(typeof pricingParam === 'string' ? { pricingParam } : {}),
    }))
  const clientUserIds = listOf(value.clientUserIds).filter((one) => typeof one === 'string')
  const serialNumbers = listOf(value.serialNumbers).filter((one) => typeof one === 'string')
  return {
    ...(assets.length > 0 ? { assets } : {}),
    ...(clientUserIds.length > 0 ? { clientUserIds } : {}),
    ...(serialNumbers.length > 0 ? { serialNumbers } : {}),
  }
}

/** Apple's own words, short and without any secret that they might repeat. */
function quoted(value: unknown, secrets: readonly string[]): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), value.trim())
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
