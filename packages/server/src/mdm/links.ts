/**
 * Enrollment links: the addresses at which devices get their profiles. Whoever has one may bring a device under management
 * with it, so the secret in it is shown once and kept as a hash.
 */
import { randomBytes } from 'node:crypto'
import { record } from '../audit/record.ts'
import { lockUser } from '../directory/user-store.ts'
import type { SignedIn } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { type HandedOut, type HandOutPorts, openPending } from './hand-out.ts'
import {
  findLink,
  findLinkByToken,
  insertLink,
  type LinkRow,
  linkState,
  linkTokenHash,
  revokeLinkRow,
  tidyPending,
} from './link-store.ts'
import { currentTopic } from './push-store.ts'

/** A link as an administrator wants it. */
export interface WantedLink {
  readonly ownership: 'personal' | 'corporate'
  readonly userName: string | null
  readonly serialNumber: string | null
  /** Devices that may enroll with it. */
  readonly uses: number
  readonly expiresAt: Date
}

/** A link that was just made. */
export interface CreatedLink {
  /** With the secret; it cannot be shown again. */
  readonly address: string
  readonly link: LinkRow
}

const longestDays = 365
const dayMs = 86_400_000

/** Throws Refusal: no push certificate, an unknown person, a moment that has passed or is too far. */
export async function createLink(
  ports: HandOutPorts,
  actor: SignedIn,
  wanted: WantedLink,
): Promise<CreatedLink> {
  const now = ports.clock.now()
  checkExpiry(wanted.expiresAt, now)
  checkDevice(wanted)
  const token = randomBytes(32).toString('base64url')
  return await inTransaction(ports.db, async (tx) => {
    await currentTopic(tx, now)
    const user = wanted.userName === null ? null : await userOf(tx, wanted.userName)
    const { ownership, serialNumber, uses: mostUses, expiresAt } = wanted
    const id = ports.newId()
    const link = { id, ownership, serialNumber, mostUses, expiresAt, userId: user?.id ?? null }
    await insertLink(tx, { ...link, tokenHash: linkTokenHash(token), createdBy: actor.name, createdAt: now })
    const stored = await findLink(tx, id)
    if (stored === undefined) throw new Error('A link that was just stored is not there')
    await record(tx, {
      actor,
      action: 'enrollment_link.created',
      subject: { kind: 'enrollment_link', id, name: user?.user_name ?? serialNumber },
      details: { ownership, uses: mostUses, expiresAt: expiresAt.toISOString() },
      at: now,
    })
    return { link: stored, address: new URL(`/enroll/${token}`, ports.devices.url).href }
  })
}

function checkExpiry(expiresAt: Date, now: Date): void {
  const left = expiresAt.getTime() - now.getTime()
  if (left > 0 && left <= longestDays * dayMs) return
  const wish = `Give a moment within the next ${longestDays} days.`
  throw new Refusal('request.invalid', `body.expiresAt: ${expiresAt.toISOString()} is not possible. ${wish}`)
}

function checkDevice({ serialNumber, uses }: WantedLink): void {
  if (serialNumber === null || uses === 1) return
  throw new Refusal('request.invalid', `body.uses: a link for one device is used once, not ${uses} times.`)
}

async function userOf(tx: Tx, userName: string) {
  const user = await lockUser(tx, userName)
  if (user?.active === true) return user
  const why = user === undefined ? 'is not in the directory' : 'has left'
  throw new Refusal('user.unknown', `${userName} ${why}. Name a person of the directory.`, { userName })
}

/**
 * Whatever it gave ends with it: profiles get no certificate, and certificates become no enrollment. Devices that have
 * enrolled stay. Throws Refusal `enrollment_link.unknown`.
 */
export async function revokeLink(
  { db, clock }: Pick<HandOutPorts, 'db' | 'clock'>,
  actor: SignedIn,
  id: string,
): Promise<void> {
  const now = clock.now()
  await inTransaction(db, async (tx) => {
    const link = await findLink(tx, id)
    if (link === undefined || !(await revokeLinkRow(tx, id, now))) {
      throw new Refusal(
        'enrollment_link.unknown',
        `There is no enrollment link ${id}, or it was revoked before.`,
      )
    }
    const subject = { kind: 'enrollment_link', id, name: link.userName ?? link.serialNumber }
    await record(tx, { actor, action: 'enrollment_link.revoked', subject, at: now })
  })
}

/** A profile, or why the link gives none. */
export type HandOutOutcome =
  | { readonly state: 'open'; readonly link: LinkRow; readonly handedOut: HandedOut }
  | { readonly state: 'used' | 'expired' | 'revoked' | 'unknown' | 'too_many' }

/** Profiles of one link that are handed out and not used yet, beside those that may be used. */
const spareProfiles = 20

/**
 * Opens a profile for whoever has the link. Loading it twice uses nothing up: a link is used when a device gets its
 * identity.
 */
export async function handOutByLink(ports: HandOutPorts, token: string): Promise<HandOutOutcome> {
  const now = ports.clock.now()
  return await inTransaction(ports.db, async (tx) => {
    const link = await findLinkByToken(tx, token)
    if (link === undefined) return { state: 'unknown' }
    const state = linkState(link, now)
    if (state !== 'open') return { state }
    if ((await tidyPending(tx, link.id, now)) >= link.mostUses + spareProfiles) return { state: 'too_many' }
    const { ownership, userId, serialNumber } = link
    const recipient = { linkId: link.id, enrollmentId: null, ownership, userId, serialNumber }
    return { state, link, handedOut: await openPending(tx, { newId: ports.newId, now }, recipient) }
  })
}
