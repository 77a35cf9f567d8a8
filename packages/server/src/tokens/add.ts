/** Adds a content token: look, claim, store, and ask for the first sync (T1, T4). */
import { createHash, randomUUID } from 'node:crypto'
import { holderName } from '@apportion/core/tokens/token-state'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { NewId } from '../platform/ids.ts'
import { wakeLocation } from '../platform/outbox.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { tokenContext } from './apple.ts'
import { type ClaimPorts, claimLocation, noteClaim } from './claim.ts'
import { type InspectedToken, type InspectPorts, inspectToken } from './inspect.ts'
import { insertLocation } from './store.ts'
import { askForSync } from './sync-runs.ts'

export interface AddTokenPorts extends InspectPorts, ClaimPorts {
  readonly secrets: SecretBox
  readonly newId: NewId
}

/** What an administrator gives with the file. */
export interface TokenToAdd {
  readonly content: string
  readonly name?: string | undefined
  readonly account?: string | undefined
  readonly accountType?: 'business' | 'education' | undefined
  readonly country?: string | undefined
  readonly automaticUpdates: boolean
  readonly consent: boolean
  readonly takeOver: boolean
}

/**
 * Gives the id of the new location.
 *
 * @throws Refusal `token.consent_missing`, `token.already_known`, `token.managed_elsewhere` and those of
 * `inspectToken` and `claimLocation`. Nothing is stored then.
 */
export async function addToken(ports: AddTokenPorts, asked: TokenToAdd, actor: Actor): Promise<number> {
  if (!asked.consent) {
    throw new Refusal(
      'token.consent_missing',
      'Without consent to send serial numbers and user ids to Apple no license can be given. Set `consent` to true.',
    )
  }
  const found = await inspectToken(ports, asked.content)
  refuseKnown(found)
  refuseForeign(found, asked.takeOver)
  const mdmId = randomUUID()
  const client = ports.apple.tryToken(found.token.bearer, found.uid)
  const claim = await claimLocation(ports, client, { uid: found.uid, mdmId })
  const at = ports.clock.now()
  return inTransaction(ports.db, async (tx) => {
    const name = asked.name ?? found.locationName ?? found.token.organizationName
    const id = await insertLocation(tx, {
      uid: found.uid,
      name,
      organizationName: found.token.organizationName,
      locationName: found.locationName,
      account: asked.account ?? null,
      accountType: asked.accountType ?? found.accountType,
      country: asked.country ?? found.country,
      appleCountry: found.country,
      storePlatform: found.storePlatform,
      websiteUrl: found.websiteUrl,
      automaticUpdates: asked.automaticUpdates,
      tokenSealed: ports.secrets.seal(found.token.bearer, tokenContext(found.uid)),
      tokenHash: hashToken(found.token.bearer),
      tokenExpiresAt: found.expiresAt,
      mdmId,
      at,
    })
    if (id === undefined) throw alreadyKnown(name, null)
    await noteClaim(tx, id, claim)
    await askForSync(tx, { locationId: id, cause: 'first', id: ports.newId(), at })
    await record(tx, {
      actor,
      at,
      action: 'token.added',
      subject: { kind: 'token', id: String(id), name },
      details: {
        uid: found.uid,
        expiresAt: found.expiresAt.toISOString(),
        takenOverFrom: found.holder?.name ?? null,
      },
    })
    await wakeLocation(tx, id)
    return id
  })
}

/** How a token is recognized without being kept in clear. */
export function hashToken(bearer: string): Buffer {
  return createHash('sha256').update(bearer).digest()
}

function refuseKnown({ known }: InspectedToken): void {
  if (known === undefined) return
  if (known.leaving_since === null) throw alreadyKnown(known.name, known.id)
  throw new Refusal(
    'token.leaving',
    `This token opens the location of "${known.name}", which is being deleted here. Wait until that is done, or cancel it.`,
    { tokenId: known.id, name: known.name },
  )
}

function alreadyKnown(name: string, tokenId: number | null): Refusal {
  return new Refusal(
    'token.already_known',
    `This token opens the location of "${name}", which is managed here already. To replace its token, renew it there.`,
    { tokenId, name },
  )
}

function refuseForeign(found: InspectedToken, takeOver: boolean): void {
  if (found.holder === null || takeOver) return
  const who = holderName(found.holder)
  throw new Refusal(
    'token.managed_elsewhere',
    `"${who}" manages this location at Apple. Release it there first, or take it over explicitly: then "${who}" stops receiving notifications and must no longer be used for it.`,
    { holder: found.holder },
  )
}
