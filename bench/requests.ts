/**
 * Requests that giving licenses takes, against the least that Apple's limits allow (L4): the real server, its database
 * and the HTTP API, counted at the simulator of Apple.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAppleSim } from '@apportion/apple-sim/apple-sim'
import { seededRandom } from '@apportion/apple-sim/random'
import { leastRequests } from '@apportion/core/licenses/packing-bound'
import { parseConfig } from '@apportion/server/config/config'
import { readSecrets } from '@apportion/server/config/secrets'
import { createLog } from '@apportion/server/platform/log'
import { startServer } from '@apportion/server/server'
import { Administrator } from '../tests/support/administrator.ts'
import { until } from '../tests/support/books.ts'

/** One line of the bench. */
export interface RequestsCase {
  readonly bench: 'requests'
  readonly case: string
  /** Requests that Apple received. */
  readonly value: number
  /** The best proven lower bound. */
  readonly floor: number
  readonly ratio: number
  readonly unit: 'requests'
  readonly extra: { readonly licenses: number; readonly seconds: number }
}

/** Who is to get what: apps by the groups they are required on, devices by the groups they are in. */
interface Fleet {
  readonly name: string
  readonly groupsOfApp: readonly (readonly number[])[]
  readonly groupsOfDevice: readonly (readonly number[])[]
}

/** Everybody gets everything. */
export function uniform(apps: number, devices: number): Fleet {
  return {
    name: `${apps} × ${devices.toLocaleString('en')}`,
    groupsOfApp: Array.from({ length: apps }, () => [0]),
    groupsOfDevice: Array.from({ length: devices }, () => [0]),
  }
}

/**
 * A school: every device is in one of 40 classes, in one of 8 years and in the group of all; 12 apps for all, 3 for each
 * year, one for each class, and 10 that some twenty devices each chose.
 */
export function school(devices: number): Fleet {
  const random = seededRandom(7)
  const year = (index: number): number => 1 + (index % 8)
  const schoolClass = (index: number): number => 9 + (index % 40)
  const club = (): readonly number[] => (random.below(100) < 4 ? [49 + random.below(10)] : [])
  return {
    name: `a school of ${devices.toLocaleString('en')}, 86 apps`,
    groupsOfApp: [
      ...Array.from({ length: 12 }, () => [0]),
      ...Array.from({ length: 24 }, (_, app) => [1 + (app % 8)]),
      ...Array.from({ length: 40 }, (_, app) => [9 + app]),
      ...Array.from({ length: 10 }, (_, app) => [49 + app]),
    ],
    groupsOfDevice: Array.from({ length: devices }, (_, index) => [
      0,
      year(index),
      schoolClass(index),
      ...club(),
    ]),
  }
}

/** Measures each fleet on an installation of its own. */
export async function* requestsCases(fleets: readonly Fleet[]): AsyncIterable<RequestsCase> {
  for (const fleet of fleets) yield* measure(fleet)
}

/** First everybody gets what is required, then every third device leaves all groups and gives back what it has. */
async function* measure(fleet: Fleet): AsyncIterable<RequestsCase> {
  await using apple = await startAppleSim({ knobs: { requestLogSize: 100 } })
  const location = apple.world.addLocation({ uId: '300', name: 'Bench', organizationName: 'Bench' })
  const adamIds = fleet.groupsOfApp.map((_, app) => String(900_000 + app))
  for (const adamId of adamIds) location.own({ adamId, total: fleet.groupsOfDevice.length })
  const folder = await mkdtemp(join(tmpdir(), 'apportion-bench-'))
  const environment = {
    PORT: '0',
    APPORTION_DATA: folder,
    APPORTION_APPLE_URL: apple.serviceConfigUrl,
    APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true',
  }
  try {
    const log = createLog({ level: 'fatal', format: 'json' })
    await using server = await startServer(parseConfig(environment), await readSecrets(environment, folder), {
      log,
    })
    const person = { name: 'Bench', email: 'bench@example.org', password: 'a quiet river at noon' }
    const admin = await Administrator.setUp(server, person)
    await admin.addToken(location.mintToken().file)
    await until(() => admin.isQuiet(), 120, 'the first sync')
    await assignAll(admin, fleet, adamIds)
    const given = () => adamIds.reduce((sum, adamId) => sum + location.counts(adamId).assigned, 0)
    const everybody = setsOf(fleet, () => true)
    const leaving = setsOf(fleet, leaves)
    const phase = async (
      act: () => Promise<void>,
      path: string,
      sets: Sets,
      held: number,
    ): Promise<RequestsCase> => {
      apple.world.forgetRequests()
      const started = performance.now()
      await act()
      await until(async () => given() === held && (await admin.isQuiet()), 1800, `${held} licenses held`)
      const seconds = (performance.now() - started) / 1000
      const value = apple.world.countRequests({ path })
      const floor = leastRequests(sets, { maxAssets: 25, maxHolders: 1000 })
      const isGiving = path === '/assets/associate'
      return {
        bench: 'requests',
        case: `${fleet.name}${isGiving ? '' : ', a third leaves'}`,
        value,
        floor,
        ratio: value / floor,
        unit: 'requests',
        extra: { licenses: pairsOf(sets), seconds },
      }
    }
    const all = pairsOf(everybody)
    yield await phase(() => importDevices(admin, fleet), '/assets/associate', everybody, all)
    yield await phase(() => letLeave(admin, fleet), '/assets/disassociate', leaving, all - pairsOf(leaving))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Groups and assignments exist before the devices come, as before the first day of a school year. */
async function assignAll(admin: Administrator, fleet: Fleet, adamIds: readonly string[]): Promise<void> {
  const groups = [...new Set(fleet.groupsOfApp.flat())]
  await admin.importCsv(
    'groups',
    ['name,kind', ...groups.map((group) => `${groupName(group)},device`)].join('\n'),
  )
  for (const [app, adamId] of adamIds.entries()) {
    const its = fleet.groupsOfApp[app] ?? []
    await admin.assign(
      adamId,
      its.map((group) => ({ group: groupName(group), intent: 'required' })),
    )
  }
}

async function importDevices(admin: Administrator, fleet: Fleet): Promise<void> {
  const rows = fleet.groupsOfDevice.map((its, index) => `${serialOf(index)},${its.map(groupName).join('|')}`)
  const { status, body } = await admin.importCsv('devices', ['serial_number,groups', ...rows].join('\n'))
  if (status !== 200 || body.kept !== true)
    throw new Error(`The devices were not imported: ${JSON.stringify(body)}`)
}

/** Every third device leaves all its groups. */
const leaves = (index: number): boolean => index % 3 === 0

async function letLeave(admin: Administrator, fleet: Fleet): Promise<void> {
  const rows = fleet.groupsOfDevice.flatMap((_, index) => (leaves(index) ? [`${serialOf(index)},-`] : []))
  const { status } = await admin.importCsv('devices', ['serial_number,groups', ...rows].join('\n'))
  if (status !== 200) throw new Error(`The devices did not leave their groups: ${status}`)
}

const groupName = (group: number): string => `Group ${String(group).padStart(3, '0')}`
const serialOf = (index: number): string => `DEV${String(index).padStart(7, '0')}`

function appsOf(fleet: Fleet, groups: readonly number[]): readonly number[] {
  return fleet.groupsOfApp.flatMap((its, app) => (its.some((group) => groups.includes(group)) ? [app] : []))
}

type Sets = readonly { readonly assets: readonly number[]; readonly holders: readonly string[] }[]

const pairsOf = (sets: Sets): number =>
  sets.reduce((sum, { assets, holders }) => sum + assets.length * holders.length, 0)

/** Devices with the same apps together, as the lower bound wants them. */
function setsOf(fleet: Fleet, isMeant: (index: number) => boolean): Sets {
  const sets = new Map<string, { assets: readonly number[]; holders: string[] }>()
  for (const [index, groups] of fleet.groupsOfDevice.entries()) {
    if (!isMeant(index)) continue
    const assets = appsOf(fleet, groups)
    const key = assets.join(' ')
    const set = sets.get(key) ?? { assets, holders: [] }
    set.holders.push(serialOf(index))
    sets.set(key, set)
  }
  return [...sets.values()]
}
