/** A person with devices under management, a book for which the person gets a license, and the steps between, by hand. */
import { randomUUID } from 'node:crypto'
import { startAppleSim } from '@apportion/apple-sim/apple-sim'
import { manualClock } from '@apportion/apple-sim/clock'
import type { ResponseUser } from '@apportion/apple-wire/messages'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { reconcileStep } from '@apportion/server/assignments/reconcile'
import { deliverStep } from '@apportion/server/installs/deliver'
import { explainInstall } from '@apportion/server/installs/explain'
import { installsListener } from '@apportion/server/installs/hear'
import { inviteStep } from '@apportion/server/installs/invite-people'
import { installsOfDevice } from '@apportion/server/installs/read-installs'
import { forgetAppleUsers, sealUsers, upsertAppleUsers } from '@apportion/server/licenses/apple-users'
import { confirmGrants } from '@apportion/server/licenses/books'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { joinsOf } from '@apportion/server/people/read-joins'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { renewLeases } from '@apportion/server/platform/leases'
import type { LocationStep } from '@apportion/server/platform/location-work'
import { createAppleConnections } from '@apportion/server/tokens/apple'
import { sql } from 'kysely'
import { createDeviceScene, type SceneDevice, secrets, type Told, toldIn } from './device-scene.ts'
import { addAsset, addLocation, assign } from './license-scene.ts'

/** The code of the person's invitation. */
export const inviteCode = 'a-code-that-nobody-may-see'

export type ReaderScene = Awaited<ReturnType<typeof createReaderScene>>
export type ReaderDevice = Awaited<ReturnType<ReaderScene['enroll']>>

export async function createReaderScene() {
  const newId = () => randomUUID()
  const apple = await startAppleSim({ clock: manualClock() })
  const scene = await createDeviceScene([installsListener({ channel: mdmChannel, newId })])
  const { clock, database } = scene
  const db = database.kysely
  const uid = randomUUID()
  const locationId = await addLocation(db, uid)
  const bookId = await addAsset(db, { locationId, total: 5 })
  await sql`UPDATE assets SET product_type = 'Book', device_assignable = false, revocable = false WHERE id = ${bookId}`.execute(
    db,
  )
  const idOf = async (text: ReturnType<typeof sql>) => (await scene.rows<{ id: number }>(text))[0]?.id ?? 0
  const userId = await idOf(sql`INSERT INTO users (user_name, created_at, updated_at)
    VALUES ('mei', now(), now()) RETURNING id`)
  const [person] = await scene.rows<{ id: string }>(
    sql`SELECT client_user_id::text AS id FROM users WHERE id = ${userId}`,
  )
  const clientUserId = person?.id ?? ''
  const groupId = await idOf(sql`SELECT id FROM groups WHERE built_in = 'all_users'`)
  const owner = randomUUID()
  const run = async (step: LocationStep) => {
    const lease = (await renewLeases(db, owner)).find((each) => each.locationId === locationId)
    if (lease === undefined) throw new Error('No lease')
    await step.run({ lease, signal: new AbortController().signal })
  }
  const url = new URL(apple.serviceConfigUrl)
  const connections = createAppleConnections({
    db,
    clock,
    secrets,
    fetch,
    notificationBase: null,
    settings: {
      serviceConfigUrl: url.href,
      allowedHosts: [url.host],
      allowLoopbackHttp: true,
      titles: { developerKey: null, catalogUrl: null, publicLookupUrl: null },
    },
  })
  const step = inviteStep({ db, clock, newId, channel: mdmChannel, secrets, apple: connections })
  const reconcile = () => run(reconcileStep({ db, clock }))
  return {
    scene,
    db,
    bookId,
    userId,
    /** A device of the person's. */
    async enroll() {
      const { device, id: enrollmentId } = await scene.enrolledDevice()
      const id = await idOf(sql`SELECT device_id AS id FROM enrollments WHERE id = ${enrollmentId}`)
      await sql`UPDATE devices SET user_id = ${userId} WHERE id = ${id}`.execute(db)
      return readerDevice({ device, id, enrollmentId })
    },
    /** The book is required for everybody, and reserved. */
    async assign() {
      await assign(db, { assetId: bookId, groupId })
      await sql`UPDATE assignments SET license_type = 'user'`.execute(db)
      await reconcile()
    },
    /** What Apple tells of the person now. */
    async known(status: 'Registered' | 'Associated', idHash?: string) {
      const user: ResponseUser = {
        clientUserId,
        status,
        ...(status === 'Registered' ? { inviteCode } : {}),
        ...(idHash === undefined ? {} : { idHash }),
      }
      await upsertAppleUsers(db, { locationId, users: sealUsers(secrets, uid, [user]), at: clock.now() })
    },
    /** Apple knows the person no more. */
    forgotten: () => forgetAppleUsers(db, { locationId, ids: [clientUserId], at: clock.now() }),
    /** Apple gives the license that is reserved. */
    async give() {
      await inTransaction(db, async (tx) => {
        const operationId = randomUUID()
        await sql`INSERT INTO operations (id, location_id, kind, state, asset_ids, holder_kind, holders, tasks, recorded_at)
          VALUES (${operationId}, ${locationId}, 'associate', 'recorded', ${[bookId]}::int[], 'user',
            ${[clientUserId]}::text[], 1, ${clock.now()})`.execute(tx)
        await sql`UPDATE licenses SET operation_id = ${operationId} WHERE asset_id = ${bookId} AND state = 'granting'`.execute(
          tx,
        )
        const block = { locationId, assetIds: [bookId], holderKind: 'user' as const, holders: [clientUserId] }
        await confirmGrants(tx, block, { at: clock.now(), cause: 'assigned', operationId })
      })
    },
    reconcile,
    deliver: () => run(deliverStep({ db, clock, newId, channel: mdmChannel })),
    invite: () => run(step),
    /** The locations at which somebody is to be looked at. */
    inviteDue: () => step.due(clock.now()),
    advance: (seconds: number) => clock.advance(seconds * 1000),
    /** What became of the last question on a device. */
    async asked() {
      const [join] = await joinsOf(db, userId)
      return join?.deviceInvitation ?? null
    },
    async [Symbol.asyncDispose]() {
      await scene[Symbol.asyncDispose]()
      await apple.close()
    },
  }

  function readerDevice(of: {
    readonly device: SceneDevice
    readonly id: number
    readonly enrollmentId: number
  }) {
    const { device, id } = of
    return {
      ...of,
      connects: async () => toldIn(await scene.report(device, { Status: 'Idle' })),
      /** Answers a command, and gives the next. */
      async answers(told: Told | null, message: PlistDict) {
        if (told === null) throw new Error('There was nothing to answer')
        return toldIn(
          await scene.report(device, { Status: 'Acknowledged', CommandUUID: told.id, ...message }),
        )
      },
      /** How the book stands, and why. */
      async state() {
        const [install] = await installsOfDevice(db, id, bookId)
        return install === undefined ? 'nothing' : `${install.state}: ${install.cause?.code ?? 'none'}`
      },
      async why() {
        const { links, advice } = await explainInstall(db, { deviceId: id, assetId: bookId })
        return `${links.at(-1)?.link} ${links.at(-1)?.code}: ${advice.code}`
      },
    }
  }
}
