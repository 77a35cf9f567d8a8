/**
 * Apps that declarations bring (D6): what a device is to hold follows from its installations, and what it reports of
 * them goes the way of every installation. An app stands in the declarations from the look that found its license
 * confirmed (invariant 2) until it is to be removed.
 */
import { DECLARATION_TYPES } from '@apportion/apple-wire/declarative'
import {
  appPayload,
  canDeclareConfiguration,
  type Declared,
  notDeclaredStates,
} from '@apportion/core/installs/way'
import { sql } from 'kysely'
import type {
  CommandQueue,
  Declaration,
  DeclaredAsset,
  DeclaringDevice,
  NewCommand,
} from '../devices/channel.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { configurationFile } from './app-configuration.ts'

const prefix = 'app.'

/** The name of an app's declaration. */
export function declarationOf(adamId: string): string {
  return `${prefix}${adamId}`
}

/** The title that a declaration of ours is about; null for anything else. */
export function adamIdIn(identifier: string | undefined): string | null {
  return identifier?.startsWith(prefix) ? identifier.slice(prefix.length) : null
}

/** The name of the asset with the configuration of an app. */
export function configurationAssetOf(adamId: string): string {
  return `configuration.${adamId}`
}

/** The apps that a device is to hold, each with its configuration where it has one. */
export async function declaredApps(
  db: Db | Tx,
  { enrollmentId, osVersion }: DeclaringDevice,
): Promise<readonly (Declaration | DeclaredAsset)[]> {
  const { rows } = await sql<{ adamId: string; declared: Declared }>`
    SELECT adam_id AS "adamId", declared FROM installs WHERE enrollment_id = ${enrollmentId} AND declared IS NOT NULL
      AND wanted <> 'removed' AND state <> ALL(${[...notDeclaredStates]}::text[]) ORDER BY adam_id`.execute(
    db,
  )
  return rows.flatMap(({ adamId, declared }) => {
    const asset = configurationAsset(adamId, declared, osVersion)
    const app: Declaration = {
      kind: 'configuration',
      type: DECLARATION_TYPES.app,
      identifier: declarationOf(adamId),
      payload: appPayload(adamId, declared, { osVersion, asset: asset?.identifier ?? null }),
      round: declared.round,
    }
    return asset === null ? [app] : [app, asset]
  })
}

/** A higher round has the device fetch the file anew. */
function configurationAsset(
  adamId: string,
  { configuration, round }: Declared,
  osVersion: string | null,
): DeclaredAsset | null {
  if (configuration === undefined || !canDeclareConfiguration(osVersion)) return null
  const content = configurationFile(configuration)
  const identifier = configurationAssetOf(adamId)
  return { kind: 'asset', type: DECLARATION_TYPES.data, identifier, content, round }
}

/**
 * Has these devices synchronize their declarations: one command for each, and none where one waits that the device was
 * not given yet. One that it was given counts no more, since it may have fetched before what changed now. Gives the
 * command that each enrollment waits for.
 */
export async function synchronize(
  tx: Tx,
  { channel, newId }: { readonly channel: CommandQueue; readonly newId: NewId },
  { enrollmentIds, at }: { readonly enrollmentIds: readonly number[]; readonly at: Date },
): Promise<ReadonlyMap<number, string>> {
  const ids = [...new Set(enrollmentIds)].sort((one, other) => one - other)
  if (ids.length === 0) return new Map()
  await sql`UPDATE enrollments SET declarations_asked_at = ${at}
    WHERE id = ANY(${ids}::int[]) AND declarations_asked_at IS NULL`.execute(tx)
  const { rows } = await sql<{ enrollmentId: number; id: string }>`
    SELECT enrollment_id AS "enrollmentId", id::text FROM commands WHERE enrollment_id = ANY(${ids}::int[])
      AND purpose = 'declarations' AND state IN ('queued', 'not_now')`.execute(tx)
  const waiting = new Map(rows.map(({ enrollmentId, id }) => [enrollmentId, id]))
  const commands = ids
    .filter((enrollmentId) => !waiting.has(enrollmentId))
    .map((enrollmentId) => synchronizeCommand(enrollmentId, newId()))
  await channel.queue(tx, commands, at)
  return new Map([...waiting, ...commands.map(({ enrollmentId, id }) => [enrollmentId, id] as const)])
}

/** DeclarativeManagement without data: the device asks for the tokens itself, as they are then. */
function synchronizeCommand(enrollmentId: number, id: string): NewCommand {
  return { enrollmentId, id, requestType: 'DeclarativeManagement', purpose: 'declarations', parameters: {} }
}
