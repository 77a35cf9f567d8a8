/** The declarations of a management server for tests of devices, and what devices report of them. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { bytesField, textField } from '@apportion/apple-wire/plist-fields'

export interface PeerDeclaration {
  readonly kind: 'activation' | 'configuration' | 'asset' | 'management'
  readonly Identifier: string
  readonly Type: string
  readonly Payload: Readonly<Record<string, unknown>>
  /** Made of the content when left out. */
  readonly ServerToken?: string
}

export interface PeerFile {
  readonly status: number
  readonly type: string
  readonly body: string
  /** Whether it is asked for as a message is sent. */
  readonly needsProof: boolean
}

interface StatusReport {
  readonly StatusItems: Readonly<Record<string, unknown>>
  readonly FullReport?: boolean
  readonly Errors?: readonly { readonly StatusItem: string }[]
}

const hash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 40)

export class DeclarationPeer {
  /** What devices are to hold. */
  items: readonly PeerDeclaration[] = []
  /** Files that assets name, by path. */
  readonly files = new Map<string, PeerFile>()
  /** Listed, and gone when they are asked for. */
  readonly vanished = new Set<string>()
  readonly reports: StatusReport[] = []

  answer(message: PlistDict): { readonly status: number; readonly type?: string; readonly body?: string } {
    const endpoint = textField(message, 'Endpoint') ?? ''
    if (endpoint === 'status') {
      this.reports.push(JSON.parse(Buffer.from(bytesField(message, 'Data') ?? []).toString('utf8')))
      return { status: 200 }
    }
    const token = hash(this.items)
    if (endpoint === 'tokens') {
      return json({ SyncTokens: { DeclarationsToken: token, Timestamp: '2026-11-02T09:00:00Z' } })
    }
    if (endpoint === 'declaration-items') {
      const of = (wanted: PeerDeclaration['kind']) =>
        this.items
          .filter(({ kind }) => kind === wanted)
          .map((item) => ({ Identifier: item.Identifier, ServerToken: tokenOf(item) }))
      const Declarations = {
        Activations: of('activation'),
        Configurations: of('configuration'),
        Assets: of('asset'),
        Management: of('management'),
      }
      return json({ Declarations, DeclarationsToken: token })
    }
    const found = this.items.find((item) => endpoint === `declaration/${item.kind}/${item.Identifier}`)
    if (found === undefined || this.vanished.has(found.Identifier)) return { status: 404 }
    const { kind: _kind, ...rest } = found
    return json({ ...rest, ServerToken: tokenOf(found) })
  }

  /** The file that is asked for; undefined for other addresses. */
  fileFor({ method, url = '' }: IncomingMessage, body: Buffer): PeerFile | undefined {
    const file = this.files.get(url)
    if (file !== undefined && (method !== 'GET' || body.length > 0)) {
      throw new Error('a file is asked for by GET')
    }
    return file
  }

  /** The lines of a list in the last report that had it. */
  lines(list: string): readonly Readonly<Record<string, unknown>>[] | undefined {
    for (const { StatusItems } of this.reports.toReversed()) {
      let at: unknown = StatusItems
      for (const part of list.split('.')) at = (at as Record<string, unknown> | undefined)?.[part]
      if (Array.isArray(at)) return at
    }
    return undefined
  }
}

const tokenOf = (item: PeerDeclaration): string => item.ServerToken ?? hash(item)

const json = (value: unknown) => ({ status: 200, type: 'application/json', body: JSON.stringify(value) })

/** The subscription to these items, these apps, and the activation of all of it. */
export function declaring(
  apps: readonly (Partial<PeerDeclaration> & { readonly Identifier: string })[],
  statusItems = ['app.managed.list', 'mdm.app'],
): readonly PeerDeclaration[] {
  const subscriptions: PeerDeclaration = {
    kind: 'configuration',
    Identifier: 'subscriptions',
    Type: 'com.apple.configuration.management.status-subscriptions',
    Payload: { StatusItems: statusItems.map((Name) => ({ Name })) },
  }
  const configurations = apps.map((app) => ({
    kind: 'configuration' as const,
    Type: 'com.apple.configuration.app.managed',
    Payload: REQUIRED,
    ...app,
  }))
  const names = [subscriptions, ...configurations].map(({ Identifier }) => Identifier)
  return [
    subscriptions,
    ...configurations,
    {
      kind: 'activation',
      Identifier: 'all',
      Type: 'com.apple.activation.simple',
      Payload: { StandardConfigurations: names },
    },
  ]
}

/** An asset with a file at this address, as long as nothing else is said. */
export function assetAt(
  address: string,
  body: string,
  { Identifier = 'settings', reference = {}, authentication = { Type: 'MDM' } as object | undefined } = {},
): PeerDeclaration {
  const Reference = {
    DataURL: address,
    ContentType: 'application/xml',
    Size: Buffer.byteLength(body),
    'Hash-SHA-256': createHash('sha256').update(body).digest('hex'),
    ...reference,
  }
  return {
    kind: 'asset',
    Identifier,
    Type: 'com.apple.asset.data',
    Payload: { Reference, ...(authentication === undefined ? {} : { Authentication: authentication }) },
  }
}

export const REQUIRED = {
  AppStoreID: '900001',
  InstallBehavior: { Install: 'Required', License: { Assignment: 'Device' } },
}
