/** Reads the answers that are no lists: client config, the event of a command, and an event's status. */
import type {
  ApiError,
  ClientConfigResponse,
  EventResponse,
  StatusResponse,
} from '@apportion/apple-wire/messages'
import { envelopeOf, isObject, type JsonObject } from './answer.ts'
import { AppsBooksError } from './errors.ts'

const CLIENT_CONFIG_TEXTS = [
  'countryISO2ACode',
  'defaultPlatform',
  'locationName',
  'notificationUrl',
  'notificationAuthToken',
  'websiteURL',
] as const satisfies readonly (keyof ClientConfigResponse)[]

/** Keeps the fields that are what Apple says they are; each of them may be missing. */
export function readClientConfig(body: JsonObject): ClientConfigResponse {
  const texts: { -readonly [K in (typeof CLIENT_CONFIG_TEXTS)[number]]?: string } = {}
  for (const key of CLIENT_CONFIG_TEXTS) {
    const value = body[key]
    if (typeof value === 'string') texts[key] = value
  }
  const types = body.subscribedNotificationTypes
  return {
    ...envelopeOf(body),
    ...texts,
    ...(Array.isArray(types)
      ? { subscribedNotificationTypes: types.filter((one) => typeof one === 'string') }
      : {}),
  }
}

/** @throws {AppsBooksError} `apple.outcome_unknown` without an event id: Apple accepted something it does not name */
export function readEvent(body: JsonObject): EventResponse {
  const { eventId } = body
  if (typeof eventId === 'string' && eventId !== '') return { ...envelopeOf(body), eventId }
  throw new AppsBooksError(
    'apple.outcome_unknown',
    'Apple accepted the command without naming its event. Read what Apple has before sending it again.',
  )
}

/** @throws {AppsBooksError} `apple.unexpected_answer` without a status */
export function readStatus(body: JsonObject): StatusResponse {
  const { eventStatus, eventType, numRequested, numCompleted, failures } = body
  if (typeof eventStatus !== 'string') {
    throw new AppsBooksError(
      'apple.unexpected_answer',
      'Apple’s answer cannot be used: it lacks "eventStatus".',
    )
  }
  return {
    ...envelopeOf(body),
    eventStatus,
    ...(typeof eventType === 'string' ? { eventType } : {}),
    ...(typeof numRequested === 'number' ? { numRequested } : {}),
    ...(typeof numCompleted === 'number' ? { numCompleted } : {}),
    ...(Array.isArray(failures) ? { failures: failures.filter(isApiError) } : {}),
  }
}

const isApiError = (value: unknown): value is ApiError =>
  isObject(value) && typeof value.errorNumber === 'number'
