/** `GET /service/config`, and `/client/config`: who manages the location and where notifications go. */
import type {
  ClientConfigResponse,
  NotificationType,
  ServiceConfigResponse,
} from '@apportion/apple-wire/messages'
import { appleDate } from './content-token.ts'
import { envelope } from './envelope.ts'
import { type Knobs, type Limits, limitsOf } from './knobs.ts'
import type { Webhook } from './location.ts'
import { ERROR_NUMBERS, Refusal } from './refusal.ts'
import { isObject, objectBody } from './request-body.ts'
import type { Call, Simulation } from './simulation.ts'

const NOTIFICATION_TYPES: readonly NotificationType[] = [
  'ASSET_MANAGEMENT',
  'USER_MANAGEMENT',
  'USER_ASSOCIATED',
  'ASSET_COUNT',
  'SUBSCRIPTION_MANAGEMENT',
  'SUBSCRIPTION_COUNT',
  'UNLIMITED_ASSET',
]

/** Seen live or documented elsewhere, but missing from the list that Apple's own answer gives. */
const UNLISTED = new Set([9622, 9635, 9641, 9644, 9729])

/** The path under `/mdm/v2` behind each key of `urls`. */
export const ENDPOINT_PATHS = {
  associateAssets: '/assets/associate',
  clientConfig: '/client/config',
  createUsers: '/users/create',
  disassociateAssets: '/assets/disassociate',
  eventStatus: '/status',
  getAssets: '/assets',
  getAssignments: '/assignments',
  getUsers: '/users',
  retireUsers: '/users/retire',
  revokeAssets: '/assets/revoke',
  updateUsers: '/users/update',
} as const

/** Answered without a token, and with a revoked one too. */
export function serviceConfig(simulation: Simulation): string {
  const origin = simulation.origin()
  const endpoints = Object.entries(ENDPOINT_PATHS).map(([key, path]) => [key, `${origin}/mdm/v2${path}`])
  const config: ServiceConfigResponse = {
    errorCodes: Object.entries(ERROR_NUMBERS)
      .map(([number, { message }]) => ({ errorMessage: message, errorNumber: Number(number) }))
      .filter(({ errorNumber }) => !UNLISTED.has(errorNumber)),
    limits: limitsOf(simulation.knobs()),
    notificationTypes: NOTIFICATION_TYPES,
    urls: {
      ...Object.fromEntries(endpoints),
      contentMetadataLookup: `${origin}/WebObjects/MZStorePlatform.woa/wa/lookup`,
      invitationEmail: `${origin}/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount?inviteCode=%25inviteCode%25&mt=8`,
    },
  }
  return JSON.stringify(config)
}

/** Echoes the notification secret in clear, as Apple does. */
export function readClientConfig(call: Call): string {
  const { location, token } = call
  const config: ClientConfigResponse = {
    countryISO2ACode: location.country,
    defaultPlatform: location.platform,
    locationName: location.name,
    ...(location.webhook && {
      notificationAuthToken: location.webhook.authToken,
      notificationUrl: location.webhook.url,
    }),
    subscribedNotificationTypes: location.notificationTypes,
    ...envelope(call),
    tokenExpirationDate: appleDate(token.expiresAt),
    websiteURL: location.websiteURL,
  }
  return JSON.stringify(config)
}

/**
 * Claims the location and registers the webhook, after a probe of its address succeeded; the last writer wins.
 * Fields left out keep their value (undocumented); what clears them is a knob. A refusal leaves everything as it was.
 */
export async function writeClientConfig(call: Call): Promise<string> {
  const { simulation, location } = call
  const body = objectBody(call.body)
  const { claimRelease, allowPlainHttpNotifications } = simulation.knobs()
  const limits = limitsOf(simulation.knobs())
  const clears = {
    mdmInfo: clearsMdmInfo(body.mdmInfo, claimRelease),
    webhook: clearsWebhook(body, claimRelease),
  }
  const mdmInfo = clears.mdmInfo ? undefined : requestedMdmInfo(body.mdmInfo, limits)
  const webhook = clears.webhook ? undefined : requestedWebhook(body, limits, allowPlainHttpNotifications)
  const types = requestedTypes(body.notificationTypes)
  if (webhook && !(await simulation.notifications.probe(location.uId, webhook))) throw new Refusal(9728)
  location.mdmInfo = clears.mdmInfo ? undefined : (mdmInfo ?? location.mdmInfo)
  location.webhook = clears.webhook ? undefined : (webhook ?? location.webhook)
  location.notificationTypes = types ?? location.notificationTypes
  return readClientConfig(call)
}

function clearsMdmInfo(value: unknown, way: Knobs['claimRelease']): boolean {
  if (way === 'by-null') return value === null
  if (way !== 'by-empty' || !isObject(value)) return false
  return value.id === '' && value.name === '' && value.metadata === ''
}

function clearsWebhook(body: Readonly<Record<string, unknown>>, way: Knobs['claimRelease']): boolean {
  const { notificationUrl: url, notificationAuthToken: secret } = body
  if (way === 'by-null') return url === null && secret === null
  return way === 'by-empty' && url === '' && secret === ''
}

function requestedMdmInfo(value: unknown, limits: Limits): Call['location']['mdmInfo'] {
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw new Refusal(9602)
  const { id, name, metadata } = value
  if (!isFilled(id) || !isFilled(name) || !isFilled(metadata)) throw new Refusal(9723)
  if (id.length > limits.maxMdmIdLength) throw new Refusal(9724)
  if (name.length > limits.maxMdmNameLength) throw new Refusal(9725)
  if (metadata.length > limits.maxMdmMetadataLength) throw new Refusal(9713)
  return { id, name, metadata }
}

function requestedWebhook(
  { notificationUrl: url, notificationAuthToken: authToken }: Readonly<Record<string, unknown>>,
  limits: Limits,
  plainHttpToo: boolean,
): Webhook | undefined {
  if ((url ?? undefined) === undefined && (authToken ?? undefined) === undefined) return undefined
  if (!isFilled(url) || !isFilled(authToken)) throw new Refusal(9710)
  const most = limits.maxNotificationLength
  if (url.length > most || authToken.length > most) throw new Refusal(9711)
  if (!isNotificationUrl(url, plainHttpToo)) throw new Refusal(9712)
  return { url, authToken }
}

/** HTTPS with host and path only: no query, fragment or credentials. */
function isNotificationUrl(text: string, plainHttpToo: boolean): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isAllowed = url?.protocol === 'https:' || (plainHttpToo && url?.protocol === 'http:')
  return isAllowed && !text.includes('?') && !text.includes('#') && url.username === '' && url.password === ''
}

function requestedTypes(value: unknown): readonly NotificationType[] | undefined {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw new Refusal(9602)
  const known: readonly unknown[] = [...NOTIFICATION_TYPES, 'TEST_NOTIFICATION']
  if (value.some((type) => !known.includes(type))) throw new Refusal(9602)
  return NOTIFICATION_TYPES.filter((type) => value.includes(type))
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== ''
