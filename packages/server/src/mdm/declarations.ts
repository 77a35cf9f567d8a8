/**
 * Answers what devices ask of their declarations (D6): tokens by which they see that something changed, the items, each
 * declaration, and the files that belong to some. Everything is worked out anew from what is meant for the device, and
 * tokens are hashes of it: they change when, and only when, it does.
 */
import { createHash } from 'node:crypto'
import {
  DECLARATION_TYPES,
  DECLARED_APPS_FROM,
  type DeclarationKind,
} from '@apportion/apple-wire/declarative'
import { isFrom } from '@apportion/core/installs/way'
import { sql } from 'kysely'
import type { Declaration, DeclaredAsset, DeclaringDevice, DeviceListener } from '../devices/channel.ts'
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

/** What the answers are made of. */
export interface DeclarationPorts {
  readonly db: Db | Tx
  readonly listeners: readonly DeviceListener[]
  /** The origin under which devices reach this server. */
  readonly url: URL
}

/** Where the files of assets are, each under its identifier. */
export const assetsPath = '/assets/'

/** Asks an endpoint for an enrollment; what is not of that enrollment is not there (404). */
export async function replyOfDeclarations(
  ports: DeclarationPorts,
  {
    enrollmentId,
    endpoint,
    at,
  }: { readonly enrollmentId: number; readonly endpoint: string; readonly at: Date },
): Promise<DeviceReply> {
  const device = await declaringDevice(ports.db, enrollmentId)
  if (device === undefined) return notThere
  const { declarations, token } = served(await meantFor(ports, device), ports.url)
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

/** The file of an asset that is declared for this enrollment; undefined for everything else. */
export async function assetOf(
  ports: Pick<DeclarationPorts, 'db' | 'listeners'>,
  { enrollmentId, identifier }: { readonly enrollmentId: number; readonly identifier: string },
): Promise<DeclaredAsset['content'] | undefined> {
  const device = await declaringDevice(ports.db, enrollmentId)
  if (device === undefined) return undefined
  const meant = await meantFor(ports, device)
  return meant.filter(isAsset).find((each) => each.identifier === identifier)?.content
}

/** Undefined for a device that was never told to hold declarations. */
async function declaringDevice(db: Db | Tx, id: number): Promise<DeclaringDevice | undefined> {
  const { rows } =
    await sql<DeclaringDevice>`SELECT e.id AS "enrollmentId", e.kind, d.os_version AS "osVersion"
    FROM enrollments e LEFT JOIN devices d ON d.id = e.device_id
    WHERE e.id = ${id} AND e.state = 'enrolled' AND e.declarations_asked_at IS NOT NULL`.execute(db)
  return rows[0]
}

type Meant = Declaration | DeclaredAsset

const isAsset = (each: Meant): each is DeclaredAsset => 'content' in each

async function meantFor(
  { db, listeners }: Pick<DeclarationPorts, 'db' | 'listeners'>,
  device: DeclaringDevice,
): Promise<readonly Meant[]> {
  const meant: Meant[] = [subscriptionsFor(device)]
  for (const listener of listeners) meant.push(...((await listener.declares?.(db, device)) ?? []))
  return meant
}

function served(meant: readonly Meant[], url: URL): Served {
  const configurations = meant.filter(({ kind }) => kind === 'configuration')
  const activation: Declaration = {
    kind: 'activation',
    type: DECLARATION_TYPES.activation,
    identifier: activationIdentifier,
    payload: { StandardConfigurations: configurations.map(({ identifier }) => identifier) },
    round: 1,
  }
  const declarations = [...meant, activation].map((each) =>
    serve(isAsset(each) ? referring(each, url) : each),
  )
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

/** The declaration of an asset: where its file is, and by what the device knows that it got the right one. */
function referring({ content: { mediaType, bytes }, ...asset }: DeclaredAsset, url: URL): Declaration {
  return {
    ...asset,
    payload: {
      Reference: {
        DataURL: new URL(`${assetsPath}${asset.identifier}`, url).href,
        ContentType: mediaType,
        Size: bytes.length,
        'Hash-SHA-256': createHash('sha256').update(bytes).digest('hex'),
      },
      // The device proves who it is, as with its messages.
      Authentication: { Type: 'MDM' },
    },
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
