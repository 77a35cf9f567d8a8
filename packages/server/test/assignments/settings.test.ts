import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { targetsOfDevice } from '../../src/assignments/device-targets.ts'
import { refreshingOf, refreshTargets } from '../../src/assignments/targets.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { addAsset, addGroup, addLocation, assign } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

test('A3 of two assignments the deciding one says how, but an app stays when management ends as soon as one says so', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const assetId = await addAsset(db, { locationId, total: 10 })
  const first = await addGroup(db, { name: 'Pupils', count: 1, prefix: 'PUP' })
  const second = await addGroup(db, { name: 'Everybody', count: 0, prefix: 'ALL' })
  await sql`INSERT INTO group_devices (group_id, device_id, added_at) SELECT ${second}, id, now() FROM devices`.execute(
    db,
  )
  await assign(db, { assetId, groupId: first })
  await assign(db, { assetId, groupId: second })
  await sql`UPDATE assignments SET priority = 10, settings = '{"removable": false, "removeWhenManagementEnds": true}'
    WHERE group_id = ${first}`.execute(db)
  const pool = { id: assetId, location_id: locationId }
  await inTransaction(db, async (tx) =>
    refreshTargets(tx, pool, { ...(await refreshingOf(tx, pool)), now: new Date() }),
  )

  const { rows } = await sql<{ id: number; group_id: number }>`SELECT id, group_id FROM assignments`.execute(
    db,
  )
  const idOf = (group: number) => rows.find((row) => row.group_id === group)?.id
  const { rows: devices } = await sql<{ id: number }>`SELECT id FROM devices`.execute(db)
  const { targets } = await targetsOfDevice(db, devices[0]?.id ?? 0)
  expect(targets).toMatchObject([
    {
      intent: 'required',
      assignmentId: idOf(first),
      settings: {
        removable: false,
        removeWhenManagementEnds: false,
        conflicts: [
          { setting: 'removable', held: [idOf(first)], overruled: [idOf(second)] },
          { setting: 'removeWhenManagementEnds', held: [idOf(second)], overruled: [idOf(first)] },
        ],
      },
    },
  ])
})
