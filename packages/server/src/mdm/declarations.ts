/**
 * Answers what devices ask of their declarations (D6): tokens by which they see that something changed, the items, and
 * each declaration. Everything is worked out anew from what is meant for the device, and tokens are hashes of it: they
 * change when, and only when, it does.
 */
import { createHash } from 'node:crypto'
import {
  DECLARATION_TYPES,
  DECLARED_APPS_FROM,
  type DeclarationKind,
} from '@apportion/apple-wire/declarative'
import { isFrom } from '@apportion/core/installs/way'
import { sql } from 'kysely'
import type { Declaration, DeclaringDevice, DeviceListener } from '../devices/channel.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { type DeviceReply, jsonReply } from './device-reply.ts'

/** By this declaration a device reports its apps by itself. */
export const subscriptionsIdentifier = 'status-subscriptions'
const activationIdentifier = 'activation'

/** A declaration as devices get it. */
interface ServedDeclaration {
  readonly kind: DeclarationKind
  readonly Type: string
  readonly Identifier: string
  readonly ServerToken: string
  readonly Payload: Readonly<Record<string, unknown>>
}

interface Served {
  readonly declarations: readonly ServedDeclaration[]
  readonly token: string
}

/** Asks an endpoint for an enrollment; what is not of that enrollment is not there (404). */
export async function replyOfDeclarations(
  db: Db | Tx,
  listeners: readonly DeviceListener[],
  {
    enrollmentId,
    endpoint,
    at,
  }: { readonly enrollmentId: number; readonly endpoint: string; readonly at: Date },
): Promise<DeviceReply> {
  const device = await declaringDevice(db, enrollmentId)
  if (device === undefined) return notThere
  const { declarations, token } = await served(db, listeners, device)
  if (endpoint === 'tokens') {
    const moment = `${at.toISOString().slice(0, 19)}Z`
    return jsonReply({ SyncTokens: { DeclarationsToken: token, Timestamp: moment } })
  }
  if (endpoint === 'declaration-items') return jsonReply(itemsOf(declarations, token))
  const found = declarations.find(({ kind, Identifier }) => endpoint === `declaration/${kind}/${Identifier}`)
  if (found === undefined) return notThere
  const { kind: _kind, ...declaration } = found
  return jsonReply(declaration)
}

const notThere: DeviceReply = { status: 404 }

/** Undefined for a device that was never told to hold declarations. */
async function declaringDevice(db: Db | Tx, id: number): Promise<DeclaringDevice | undefined> {
  const { rows } =
    await sql<DeclaringDevice>`SELECT e.id AS "enrollmentId", e.kind, d.os_version AS "osVersion"
    FROM enrollments e LEFT JOIN devices d ON d.id = e.device_id
    WHERE e.id = ${id} AND e.state = 'enrolled' AND e.declarations_asked_at IS NOT NULL`.execute(db)
  return rows[0]
}

async function served(
  db: Db | Tx,
  listeners: readonly DeviceListener[],
  device: DeclaringDevice,
): Promise<Served> {
  const meant: Declaration[] = [subscriptionsFor(device)]
  for (const listener of listeners) meant.push(...((await listener.declares?.(db, device)) ?? []))
  const configurations = meant.filter(({ kind }) => kind === 'configuration')
  const activation: Declaration = {
    kind: 'activation',
    type: DECLARATION_TYPES.activation,
    identifier: activationIdentifier,
    payload: { StandardConfigurations: configurations.map(({ identifier }) => identifier) },
    round: 1,
  }
  const declarations = [...meant, activation].map(serve)
  return { declarations, token: hash(declarations.map(({ ServerToken }) => ServerToken)) }
}

/** A list that the version does not know would be reported as an error. */
function subscriptionsFor({ osVersion }: DeclaringDevice): Declaration {
  const names = ['mdm.app', ...(isFrom(osVersion, DECLARED_APPS_FROM) ? ['app.managed.list'] : [])]
  return {
    kind: 'configuration',
    type: DECLARATION_TYPES.subscriptions,
    identifier: subscriptionsIdentifier,
    payload: { StatusItems: names.map((Name) => ({ Name })) },
    round: 1,
  }
}

function serve({ kind, type, identifier, payload, round }: Declaration): ServedDeclaration {
  const ServerToken = hash([kind, type, identifier, payload, round])
  return { kind, Type: type, Identifier: identifier, ServerToken, Payload: payload }
}

/** 64 characters, the most that a token may have. */
const hash = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex')

function itemsOf(declarations: readonly ServedDeclaration[], token: string): unknown {
  const of = (wanted: DeclarationKind) =>
    declarations
      .filter(({ kind }) => kind === wanted)
      .map(({ Identifier, ServerToken }) => ({ Identifier, ServerToken }))
  return {
    Declarations: {
      Activations: of('activation'),
      Configurations: of('configuration'),
      Assets: of('asset'),
      Management: of('management'),
    },
    DeclarationsToken: token,
  }
}
