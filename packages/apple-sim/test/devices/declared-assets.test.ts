/** Files that declarations name: fetched with the proof of the device, checked, and given to the app (S26). */
import { writePlist } from '@apportion/apple-wire/plist'
import { describe, expect, test } from 'vitest'
import type { SimulatedDevice } from '../../src/devices/device.ts'
import type { DeviceIdentityWish } from '../../src/devices/device-identity.ts'
import {
  assetAt,
  declaring,
  type PeerDeclaration,
  type PeerFile,
  REQUIRED,
} from '../support/declaration-peer.ts'
import { APP, BUNDLE, deviceScene } from '../support/device-scene.ts'

type Scene = Awaited<ReturnType<typeof deviceScene>>
const APP_ID = `app.${APP}`
const minutes = 60_000
const path = '/files/settings.plist'
const content = { server: 'reader.example', port: 8443 }
const plist = writePlist(content)
const withSettings = {
  Identifier: APP_ID,
  Payload: { ...REQUIRED, LegacyAppConfigAssetReference: 'settings' },
}

/** What a device is to hold: the app, and an asset that is not as usual in what is named. */
function items(
  at: Scene,
  asset: Parameters<typeof assetAt>[2] = {},
  body = plist,
): readonly PeerDeclaration[] {
  return [...declaring([withSettings]), assetAt(`${at.peer.origin}${path}`, body, asset)]
}

async function declare(
  at: Scene,
  device: SimulatedDevice,
  wanted: readonly PeerDeclaration[],
): Promise<void> {
  at.peer.declarations.items = wanted
  await at.tell(device, { RequestType: 'DeclarativeManagement' })
}

const serve = (at: Scene, file: Partial<PeerFile> = {}) =>
  at.peer.declarations.files.set(path, {
    status: 200,
    type: 'application/xml',
    body: plist,
    needsProof: true,
    ...file,
  })

/** A device with a license and an app with settings. */
async function holding(
  at: Scene,
  wanted: readonly PeerDeclaration[] = items(at),
  wish: DeviceIdentityWish = { kind: 'supervised' },
): Promise<SimulatedDevice> {
  const device = await at.enrolled(wish)
  at.giveDevice(device)
  await at.devices.pass(minutes)
  await declare(at, device, wanted)
  await at.devices.pass(2 * minutes)
  return device
}

const filesOf = ({ askedOfDeclarations: asked }: SimulatedDevice) =>
  asked.filter((each) => each.startsWith('http'))

const verdict = (device: SimulatedDevice, name: string) => {
  const { valid, active, reasons } = device.declarations.find(({ identifier }) => identifier === name) ?? {}
  return [valid, active, reasons?.[0]?.code]
}

describe('S26 the file of an asset', () => {
  test('is asked for with the proof of the device, once, and reaches the app', async () => {
    await using at = await deviceScene()
    serve(at)
    const signedBefore = at.peer.signers.length
    const device = await holding(at)
    expect(device.app(BUNDLE)).toMatchObject({ installed: true, configuration: content })
    expect(filesOf(device)).toEqual([`${at.peer.origin}${path}`])
    expect(at.peer.signers.length).toBeGreaterThan(signedBefore)
    await declare(at, device, at.peer.declarations.items)
    expect(filesOf(device)).toHaveLength(1)
    expect(at.peer.complaints).toEqual([])
    expect(at.peer.declarations.lines('management.declarations.assets')).toEqual([
      expect.objectContaining({ identifier: 'settings', valid: 'valid', active: true }),
    ])
  })

  test.each([
    ['by default', undefined, true],
    ['for MDM', { Type: 'MDM' }, true],
    ['not for None', { Type: 'None' }, false],
  ])('is asked for with a proof %s', async (_when, authentication, proves) => {
    await using at = await deviceScene()
    serve(at, { needsProof: proves })
    const asset = assetAt(`${at.peer.origin}${path}`, plist, { authentication })
    const device = await holding(at, [...declaring([withSettings]), asset])
    expect(device.app(BUNDLE)?.configuration).toEqual(content)
  })

  test('is fetched again when its token changes, and the app that is there reads it', async () => {
    await using at = await deviceScene()
    serve(at)
    const device = await holding(at)
    const newer = writePlist({ server: 'other.example' })
    serve(at, { body: newer })
    await declare(at, device, items(at, {}, newer))
    expect(device.app(BUNDLE)?.configuration).toEqual({ server: 'other.example' })
    await declare(at, device, declaring([{ Identifier: APP_ID }]))
    expect(device.app(BUNDLE)).toMatchObject({ installed: true, configuration: undefined })
  })

  test.each<[why: string, file: Partial<PeerFile>, code: string]>([
    ['has another size', { body: `${plist} ` }, 'Error.AssetCannotBeVerified'],
    ['has another hash', { body: plist.replace('8443', '8444') }, 'Error.AssetCannotBeVerified'],
    ['has another type', { type: 'text/xml' }, 'Error.AssetCannotBeVerified'],
    ['is not found', { status: 404 }, 'Error.AssetCannotBeDownloaded'],
  ])('that %s keeps the app from coming', async (_why, file, code) => {
    await using at = await deviceScene()
    serve(at, file)
    const device = await holding(at)
    expect(device.app(BUNDLE)).toBeUndefined()
    expect([verdict(device, 'settings'), verdict(device, APP_ID)]).toEqual([
      [false, true, code],
      [false, true, code],
    ])
    expect(filesOf(device)).toHaveLength(1)
  })

  test('that is no property list cannot be read', async () => {
    await using at = await deviceScene()
    serve(at, { body: '{}' })
    const device = await holding(at, items(at, {}, '{}'))
    expect(verdict(device, APP_ID)).toEqual([false, true, 'Error.AssetCannotBeDeserialized'])
  })

  test('that cannot be had now is asked for again, by itself', async () => {
    await using at = await deviceScene()
    serve(at, { status: 503 })
    const device = await holding(at)
    expect(verdict(device, 'settings')).toEqual([false, true, 'Error.AssetCannotBeDownloaded'])
    serve(at)
    await at.devices.pass(4 * minutes)
    expect(device.app(BUNDLE)).toMatchObject({ installed: true, configuration: content })
  })

  test('leaves an app that is there as it is, until a good one comes', async () => {
    await using at = await deviceScene()
    serve(at)
    const device = await holding(at)
    serve(at, { status: 404 })
    const newer = writePlist({ server: 'other.example' })
    await declare(at, device, items(at, {}, newer))
    expect(device.app(BUNDLE)).toMatchObject({ installed: true, configuration: content })
    expect(verdict(device, APP_ID)).toEqual([false, true, 'Error.AssetCannotBeDownloaded'])
  })
})

describe('S26 the declaration of an asset', () => {
  test.each<[why: string, asset: Parameters<typeof assetAt>[2]]>([
    ['an address that is none', { reference: { DataURL: 'ftp://x.example/y' } }],
    ['a size as a text', { reference: { Size: '12' } }],
    ['a hash that is none', { reference: { 'Hash-SHA-256': 'abc' } }],
    ['another way to prove who it is', { authentication: { Type: 'Basic' } }],
    ['a key that nobody knows', { reference: { Color: 'red' } }],
  ])('does not hold with %s', async (_why, asset) => {
    await using at = await deviceScene()
    serve(at)
    const device = await holding(at, items(at, asset))
    expect(verdict(device, 'settings').slice(0, 2)).toEqual([false, false])
    expect(verdict(device, APP_ID)).toEqual([false, false, 'Error.MissingAssets'])
    expect(filesOf(device)).toEqual([])
    expect(device.app(BUNDLE)).toBeUndefined()
  })

  test('that no configuration names is not fetched', async () => {
    await using at = await deviceScene()
    serve(at)
    const alone = [...declaring([{ Identifier: APP_ID }]), assetAt(`${at.peer.origin}${path}`, plist)]
    const device = await holding(at, alone)
    expect(verdict(device, 'settings')).toEqual([true, false, 'Info.NotReferencedByConfiguration'])
    expect(filesOf(device)).toEqual([])
  })

  test('that is not there leaves the configuration that names it without effect', async () => {
    await using at = await deviceScene()
    const device = await holding(at, declaring([withSettings]))
    expect(verdict(device, APP_ID)).toEqual([false, false, 'Error.MissingAssets'])
    expect(device.app(BUNDLE)).toBeUndefined()
  })

  test('is not known to apps before iOS 18.4', async () => {
    await using at = await deviceScene()
    serve(at)
    const device = await holding(at, items(at), { kind: 'supervised', osVersion: '18.3' })
    expect(verdict(device, APP_ID)).toEqual([false, false, 'Error.UnknownPayloadKeys'])
  })
})
