/** Configurations of apps that declarations bring (A3, D6). */
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { declarative, declaringAs, lookAgain, settle } from '../support/declared-device.ts'
import {
  bundleId,
  createDeliveryScene,
  type DeliveryScene,
  type ManagedDevice,
} from '../support/delivery-scene.ts'

let world: DeliveryScene
let device: ManagedDevice
let says: ReturnType<typeof declaringAs>
let app: string
let asset: string
beforeEach(async () => {
  world = await createDeliveryScene()
  device = await world.enroll()
  says = declaringAs(world, device)
  const [row] = await world.scene.rows<{ adam_id: string }>(sql`SELECT adam_id FROM assets`)
  app = `app.${row?.adam_id ?? ''}`
  asset = `configuration.${row?.adam_id ?? ''}`
  await declarative(world)
  await system('18.6')
})
afterEach(() => world[Symbol.asyncDispose]())

const system = (version: string) =>
  sql`UPDATE devices SET os_version = ${version}`.execute(world.scene.database.kysely)

/** The app is declared with this configuration, and there. */
async function installed(configuration: object | null): Promise<void> {
  await world.mean('required')
  await settle(world, { configuration })
  await world.apple()
  await world.deliver()
  await device.answers(await device.connects(), {})
  await says.subscribes()
  await says.report({
    app: {
      managed: { list: [{ identifier: bundleId, 'declaration-identifier': app, state: 'managed' }] },
    },
  })
}

async function configure(configuration: object | null): Promise<void> {
  await settle(world, { configuration })
  await lookAgain(world)
  await world.deliver()
}

const tokensOf = async () => {
  const { Declarations } = await says.items()
  return Object.fromEntries(
    [...Declarations.Configurations, ...Declarations.Assets].map((each) => [
      each.Identifier,
      each.ServerToken,
    ]),
  )
}
const payloadOf = async () =>
  (await says.read<{ Payload: object }>(`declaration/configuration/${app}`)).Payload
const problem = async () =>
  (await world.scene.rows<{ p: unknown }>(sql`SELECT settings_problem AS p FROM installs`))[0]?.p
const tellsOfAsset = (line: object) =>
  says.report({ management: { declarations: { assets: [{ identifier: asset, ...line }] } } })

describe('the configuration of a declared app', () => {
  test('stands in an asset of its own, which the declaration of the app names', async () => {
    await installed({ server: 'x' })
    expect(Object.keys(await tokensOf())).toEqual(['status-subscriptions', app, asset])
    expect(await payloadOf()).toMatchObject({ LegacyAppConfigAssetReference: asset })
    expect(await device.state()).toBe('installed: verified')
  })

  test('comes by command when it is larger than a file may be', async () => {
    await world.mean('required')
    await settle(world, { configuration: { text: 'x'.repeat(1_000_000) } })
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), {})
    expect((await device.connects())?.requestType).toBe('InstallApplication')
  })

  test('has another token when, and only when, it says something else', async () => {
    await installed({ server: 'x', port: 1 })
    const before = await tokensOf()
    await configure({ port: 1, server: 'x' })
    expect(await tokensOf()).toEqual(before)
    await configure({ server: 'y', port: 1 })
    const after = await tokensOf()
    expect(after[asset]).not.toBe(before[asset])
    expect(after[app]).toBe(before[app])
    await says.ask('tokens')
    await configure(null)
    expect(Object.keys(await tokensOf())).toEqual(['status-subscriptions', app])
    expect(await payloadOf()).not.toHaveProperty('LegacyAppConfigAssetReference')
  })

  test('has the device synchronize when it changes', async () => {
    await installed({ server: 'x' })
    await configure({ server: 'y' })
    const told = await device.connects()
    expect(told?.requestType).toBe('DeclarativeManagement')
  })

  test('65 is left out of what a system before iOS 18.4 is told, which says so, and added once it is newer', async () => {
    await system('18.3')
    await installed(null)
    await configure({ server: 'x' })
    expect(Object.keys(await tokensOf())).toEqual(['status-subscriptions', app])
    expect(await problem()).toMatchObject([{ text: expect.stringContaining('iOS 18.4') }])
    await system('18.4')
    await lookAgain(world)
    await world.deliver()
    expect(await payloadOf()).toMatchObject({ LegacyAppConfigAssetReference: asset })
    expect(await problem()).toBeNull()
  })

  test('that the device could not take is a problem of the app that is there, until it could', async () => {
    await installed({ server: 'x' })
    const reasons = [{ code: 'Error.AssetCannotBeVerified', description: 'Another hash' }]
    await tellsOfAsset({ valid: 'invalid', active: true, reasons })
    expect(await device.state()).toBe('installed: verified')
    expect(await problem()).toEqual([
      { domain: 'Error.AssetCannotBeVerified', code: 0, text: 'Another hash' },
    ])
    await lookAgain(world)
    await world.deliver()
    expect(await problem()).not.toBeNull()
    await tellsOfAsset({ valid: 'valid', active: true })
    expect(await problem()).toBeNull()
  })

  test('that the device could not fetch keeps the app from coming, which is tried again by newer tokens', async () => {
    await world.mean('required')
    await settle(world, { configuration: { server: 'x' } })
    await world.apple()
    await world.deliver()
    const before = await tokensOf()
    const reasons = [{ code: 'Error.AssetCannotBeDownloaded', description: '503' }]
    const configurations = [{ identifier: app, active: true, valid: 'invalid', reasons }]
    await says.report({ management: { declarations: { configurations } } })
    expect(await device.state()).toBe('failed: download_failed')
    await world.advance(31)
    await world.deliver()
    const after = await tokensOf()
    expect([after[app] === before[app], after[asset] === before[asset]]).toEqual([false, false])
  })
})
