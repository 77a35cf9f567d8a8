/** One managed device, an app with licenses for it, and the steps between them, run by hand. */
import { randomUUID } from 'node:crypto'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { reconcileStep } from '@apportion/server/assignments/reconcile'
import { deliverStep } from '@apportion/server/installs/deliver'
import { explainInstall } from '@apportion/server/installs/explain'
import { installsListener } from '@apportion/server/installs/hear'
import { installsOfDevice } from '@apportion/server/installs/read-installs'
import { confirmGrants, confirmReleases } from '@apportion/server/licenses/books'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { renewLeases } from '@apportion/server/platform/leases'
import type { LocationStep } from '@apportion/server/platform/location-work'
import { sql } from 'kysely'
import { createDeviceScene, type DeviceScene, type SceneDevice, type Told, toldIn } from './device-scene.ts'
import { addAsset, addLocation, assign } from './license-scene.ts'

export const bundleId = 'example.reader'

export interface DeliveryScene extends AsyncDisposable {
  readonly scene: DeviceScene
  readonly assetId: number
  readonly locationId: number
  readonly groupId: number
  /** Enrolls a device into the group that the app is assigned to. */
  enroll(): Promise<ManagedDevice>
  /** Says what the group is meant to have, and has that looked at. */
  mean(intent: 'required' | 'uninstall' | 'nothing'): Promise<void>
  /** Apple does everything that is reserved or to be given back. */
  apple(): Promise<void>
  /** Delivers what is due. */
  deliver(): Promise<void>
  advance(seconds: number): Promise<void>
}

export interface ManagedDevice {
  readonly device: SceneDevice
  readonly id: number
  readonly enrollmentId: number
  /** Asks for what there is to do, without an answer. */
  connects(): Promise<Told | null>
  /** Answers a command, and gives the next. */
  answers(told: Told | null, message: PlistDict): Promise<Told | null>
  /** The app's state, and why. */
  state(): Promise<string>
  why(): Promise<readonly [link: string | undefined, code: string | undefined, advice: string]>
}

export async function createDeliveryScene(total = 5): Promise<DeliveryScene> {
  const newId = () => randomUUID()
  const scene = await createDeviceScene([installsListener({ channel: mdmChannel, newId })])
  const db = scene.database.kysely
  const { clock } = scene
  const locationId = await addLocation(db)
  const assetId = await addAsset(db, { locationId, total })
  await sql`INSERT INTO titles (country, adam_id, kind, name, bundle_id, looked_up_at)
    SELECT 'NL', adam_id, 'app', 'Reader', ${bundleId}, now() FROM assets WHERE id = ${assetId}`.execute(db)
  const group = await sql<{ id: number }>`INSERT INTO groups (kind, name, created_at, updated_at)
    VALUES ('device', 'Readers', now(), now()) RETURNING id`.execute(db)
  const groupId = group.rows[0]?.id ?? 0
  const owner = randomUUID()
  const run = async (step: LocationStep) => {
    const lease = (await renewLeases(db, owner)).find((each) => each.locationId === locationId)
    if (lease === undefined) throw new Error('No lease')
    await step.run({ lease, signal: new AbortController().signal })
  }
  const reconcile = () => run(reconcileStep({ db, clock }))

  const made: DeliveryScene = {
    scene,
    assetId,
    locationId,
    groupId,
    async enroll() {
      const { device, id: enrollmentId } = await scene.enrolledDevice()
      const [row] = await scene.rows<{ id: number }>(
        sql`SELECT device_id AS id FROM enrollments WHERE id = ${enrollmentId}`,
      )
      const id = row?.id ?? 0
      await sql`INSERT INTO group_devices (group_id, device_id, added_at) VALUES (${groupId}, ${id}, now())`.execute(
        db,
      )
      await sql`INSERT INTO outbox (topic, location_id, key) VALUES ('asset.look_again', ${locationId}, ${String(assetId)})
        ON CONFLICT DO NOTHING`.execute(db)
      return managed({ scene, assetId, device, id, enrollmentId })
    },
    async mean(intent) {
      if (intent === 'nothing') {
        await sql`DELETE FROM assignments WHERE asset_id = ${assetId}`.execute(db)
        await sql`INSERT INTO outbox (topic, location_id, key) VALUES ('asset.look_again', ${locationId}, ${String(assetId)})
          ON CONFLICT DO NOTHING`.execute(db)
      } else await assign(db, { assetId, groupId, intent })
      await reconcile()
    },
    async apple() {
      await reconcile()
      await inTransaction(db, async (tx) => {
        for (const [kind, state] of [
          ['associate', 'granting'],
          ['disassociate', 'releasing'],
        ] as const) {
          const { rows } = await sql<{ holder: string }>`SELECT holder FROM licenses
            WHERE asset_id = ${assetId} AND state = ${state}::license_state`.execute(tx)
          if (rows.length === 0) continue
          const operationId = randomUUID()
          const holders = rows.map((row) => row.holder)
          await sql`INSERT INTO operations (id, location_id, kind, state, asset_ids, holder_kind, holders, tasks, recorded_at)
            VALUES (${operationId}, ${locationId}, ${kind}, 'recorded', ${[assetId]}::int[], 'device', ${holders}::text[],
              ${holders.length}, ${clock.now()})`.execute(tx)
          await sql`UPDATE licenses SET operation_id = ${operationId} WHERE asset_id = ${assetId}
            AND state = ${state}::license_state`.execute(tx)
          const block = { locationId, assetIds: [assetId], holderKind: 'device' as const, holders }
          const why = { at: clock.now(), cause: 'assigned', operationId }
          await (kind === 'associate' ? confirmGrants(tx, block, why) : confirmReleases(tx, block, why))
        }
      })
    },
    deliver: () => run(deliverStep({ db, clock, newId, channel: mdmChannel })),
    advance: (seconds) => clock.advance(seconds * 1000),
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  }
  return made
}

function managed(of: {
  readonly scene: DeviceScene
  readonly assetId: number
  readonly device: SceneDevice
  readonly id: number
  readonly enrollmentId: number
}): ManagedDevice {
  const { scene, assetId, device, id, enrollmentId } = of
  const db = scene.database.kysely
  return {
    device,
    id,
    enrollmentId,
    connects: async () => toldIn(await scene.report(device, { Status: 'Idle' })),
    async answers(told, message) {
      if (told === null) throw new Error('There was nothing to answer')
      return toldIn(await scene.report(device, { Status: 'Acknowledged', CommandUUID: told.id, ...message }))
    },
    async state() {
      const [install] = await installsOfDevice(db, id, assetId)
      return install === undefined ? 'nothing' : `${install.state}: ${install.cause?.code ?? 'none'}`
    },
    async why() {
      const { links, advice } = await explainInstall(db, { deviceId: id, assetId })
      return [links.at(-1)?.link, links.at(-1)?.code, advice.code]
    },
  }
}
