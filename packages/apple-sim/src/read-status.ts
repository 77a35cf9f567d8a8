/** `GET /status`: how far an event is. */
import { envelope } from './envelope.ts'
import { eventStatus } from './event.ts'
import { Refusal } from './refusal.ts'
import type { Call } from './simulation.ts'

/** 9602 without an id (Apple leaves it open); 9708 for one that is unknown, of another location, or too old. */
export function readStatus(call: Call): string {
  const { simulation, location, query } = call
  const eventId = query.get('eventId')
  if (!eventId) throw new Refusal(9602)
  const event = location.events.get(eventId)
  if (!event || event.forgotten) throw new Refusal(9708)
  const age = event.finishedAt === undefined ? 0 : simulation.clock.now() - event.finishedAt
  if (age > simulation.knobs().eventRetentionMs) throw new Refusal(9708)
  return JSON.stringify({ ...eventStatus(event), ...envelope(call) })
}
