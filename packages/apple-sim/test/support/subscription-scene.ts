import type { KnobChoices } from '../../src/knobs.ts'
import { scene } from './scene.ts'

export const READING = 700_001
export const MATHS = 700_002
export const APP = 700_000
export const users = ['u1', 'u2', 'u3', 'u4']

/** What the answers and notifications of this family carry, beside the envelope. */
export interface Family {
  readonly subscriptions: readonly {
    readonly adamId: number
    readonly parentAdamId: number | null
    readonly status: string
    readonly periodEndDate: string
    readonly counts: Record<'assigned' | 'available' | 'total', { renewing: number; expiring: number }>
  }[]
  readonly assignments: readonly { adamId: number; clientUserId: string; renewing: boolean }[]
  readonly admins: readonly { adamId: number; clientUserId: string; idHash: string }[]
  readonly nextCursor?: string
  readonly versionId: string
  readonly subscriptionManagement: boolean
}

/** Four associated users, one who is only registered, and subscriptions enabled. */
export async function subscriptionScene(knobs: KnobChoices = {}) {
  const at = await scene(knobs)
  for (const clientUserId of users) {
    at.location.addUser({ clientUserId, managedAppleId: `${clientUserId}@school.example` })
  }
  at.location.addUser({ clientUserId: 'invited' })
  at.location.subscriptions.enable()
  const family = async (path: string): Promise<Family & { readonly errorNumber?: number }> =>
    JSON.parse(JSON.stringify((await at.get(`/subscriptions${path}`)).body))
  return { ...at, family }
}

/** Status and error number of an answer. */
export const numberOf = async (reply: Promise<{ status: number; body: { errorNumber: number } }>) => {
  const { status, body } = await reply
  return [status, body.errorNumber]
}
