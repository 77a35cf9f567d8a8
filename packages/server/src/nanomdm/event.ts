/** What NanoMDM's webhook tells, read: Apple's messages come in it as the devices sent them. */
import { type CheckIn, enrollmentIdentifier, readCheckIn } from '@apportion/apple-wire/mdm-check-in'
import { type Report, readReport } from '@apportion/apple-wire/mdm-report'
import { PlistError, readPlistDict } from '@apportion/apple-wire/plist'
import { z } from 'zod'

const ids = z.object({
  id: z.string().regex(/^[0-9A-Za-z-]{1,255}$/),
  type: z.string().max(100),
})
const payload = { ids: ids.optional(), raw_payload: z.base64() }

const envelope = z.object({
  topic: z.string().max(100),
  event_id: z.string().min(1).max(200).optional(),
  created_at: z.iso.datetime({ offset: true }).optional(),
  checkin_event: z.object({ ...payload, token_update_tally: z.number().int().optional() }).nullish(),
  acknowledge_event: z.object(payload).nullish(),
})

/** An event about a device. */
export interface NanoEvent {
  /** Null when NanoMDM gives none; then it cannot be told from one that comes twice. */
  readonly eventId: string | null
  /** By NanoMDM's clock; `receivedAt` when it says none. */
  readonly createdAt: Date
  readonly identifier: string
  readonly kind: 'device' | 'user'
  /** The first TokenUpdate of an enrollment. */
  readonly isNew: boolean
  readonly message:
    | { readonly kind: 'check-in'; readonly content: CheckIn }
    | { readonly kind: 'report'; readonly content: Report }
}

/** It is no event that can be read. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused'
}

/** Devices; what NanoMDM tells of people on devices is none of ours. */
const kinds: Readonly<Record<string, NanoEvent['kind']>> = {
  Device: 'device',
  'User Enrollment (Device)': 'user',
}

/** Null for an event that says nothing about a device. @throws EventRefused */
export function readEvent(body: unknown, receivedAt: Date): NanoEvent | null {
  const parsed = envelope.safeParse(body)
  if (!parsed.success) throw new EventRefused('The body is no event of NanoMDM')
  const { topic, event_id: eventId, created_at: createdAt } = parsed.data
  const { checkin_event: checkIn, acknowledge_event: acknowledge } = parsed.data
  const event = checkIn ?? acknowledge
  if (!event || !topic.startsWith('mdm.')) return null
  const dict = dictIn(event.raw_payload)
  const sender = enrollmentIdentifier(dict)
  const message = checkIn ? checkInOf(readCheckIn(dict)) : reportOf(readReport(dict))
  if (sender === undefined || message === null)
    throw new EventRefused('The message in the event is of no kind')
  const kind = event.ids === undefined ? sender.kind : kinds[event.ids.type]
  if (kind === undefined || sender.userPart !== undefined) return null
  const identifier = event.ids?.id ?? sender.identifier
  if (identifier !== sender.identifier) {
    throw new EventRefused('The event is about another device than its message')
  }
  return {
    eventId: eventId ?? null,
    createdAt: createdAt === undefined ? receivedAt : new Date(createdAt),
    identifier,
    kind,
    isNew: checkIn?.token_update_tally === 1,
    message,
  }
}

function dictIn(text: string) {
  try {
    return readPlistDict(Buffer.from(text, 'base64'))
  } catch (error) {
    if (error instanceof PlistError) throw new EventRefused(`The message in the event: ${error.code}`)
    throw error
  }
}

const checkInOf = (content: CheckIn | undefined): NanoEvent['message'] | null =>
  content === undefined ? null : { kind: 'check-in', content }

const reportOf = (content: Report | undefined): NanoEvent['message'] | null =>
  content === undefined ? null : { kind: 'report', content }
