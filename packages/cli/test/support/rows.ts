/** Rows as the API gives them, with one value changed here and there. */
import type { Asset } from '../../src/lookup/asset.ts'
import type { Group } from '../../src/lookup/group.ts'
import type { Token } from '../../src/lookup/token.ts'
import type { SyncRun } from '../../src/output/token-state.ts'
import type { Plan } from '../../src/planning.ts'

const at = '2027-03-01T11:00:00.000Z'

export function tokenRow(changes: Partial<Token> = {}): Token {
  return {
    id: 1,
    name: 'Main school',
    uid: 'loc-1',
    organizationName: 'Meridian College',
    locationName: 'Main school',
    account: null,
    accountType: 'education',
    country: 'NL',
    automaticUpdates: false,
    state: 'valid',
    stateReason: 'Valid until 2028-02-01.',
    managedBy: null,
    expiresAt: '2028-02-01T00:00:00.000Z',
    uploadedAt: at,
    syncEveryMinutes: 720,
    nextSyncAt: '2027-03-01T23:00:00.000Z',
    exactAsOf: '2027-03-01T11:57:00.000Z',
    notifications: 'on',
    latestSync: null,
    counts: { assets: 3, total: 120, used: 40, available: 80, waiting: 2, heldOutside: 5 },
    ...changes,
  }
}

export function assetRow(changes: Partial<Asset> = {}, name = 'Star Atlas'): Asset {
  return {
    id: 11,
    adamId: '9041000017',
    pricingParam: 'STDQ',
    token: { id: 1, name: 'Main school' },
    title: {
      name,
      nameKnown: true,
      kind: 'app',
      publisher: 'Northlight',
      bundleId: 'org.example.atlas',
      version: '2.0',
      minimumOs: '17.0',
      priceText: null,
      genres: [],
      storeUrl: null,
      description: null,
      isCustom: false,
      iconUrl: null,
    },
    platforms: ['iOS'],
    deviceAssignable: true,
    revocable: true,
    counts: {
      unlimited: false,
      total: 100,
      used: 40,
      available: 60,
      retired: 0,
      granting: 0,
      heldOutside: 0,
      waiting: 0,
      withheld: 0,
    },
    assignments: 1,
    countedAt: at,
    goneAt: null,
    ...changes,
  }
}

export function groupRow(id: number, name: string): Group {
  return {
    id,
    kind: 'device',
    name,
    description: '',
    builtIn: null,
    members: 30,
    assignments: 0,
    createdAt: at,
    updatedAt: at,
  }
}

export function syncRow(changes: Partial<SyncRun> = {}): SyncRun {
  return {
    id: '0198f7e2-0000-7000-8000-000000000001',
    cause: 'administrator',
    state: 'waiting',
    phase: null,
    askedAt: at,
    startedAt: null,
    finishedAt: null,
    pagesDone: 0,
    pagesTotal: null,
    assetsSeen: 0,
    usersSeen: 0,
    licensesSeen: 0,
    licensesFound: 0,
    licensesGone: 0,
    problem: null,
    ...changes,
  }
}

const none = { count: 0, sample: [] }

export function planRow(outcome: Partial<Plan['outcome']> = {}): Plan {
  return {
    id: '0198f7e2-0000-7000-8000-00000000000a',
    assetId: 11,
    wanted: [],
    outcome: {
      devicesReached: 30,
      grants: {
        count: 30,
        sample: [
          {
            deviceId: 1,
            serialNumber: 'C02AAA111',
            deviceName: 'iPad 1',
            code: 'required',
            place: null,
            reason: 'Member of iPads.',
          },
        ],
      },
      waits: none,
      releases: none,
      withheld: 0,
      keeps: { count: 0, outside: 0 },
      cannot: none,
      requests: 1,
      licenses: {
        unlimited: false,
        total: 100,
        usedBefore: 40,
        usedAfter: 70,
        availableBefore: 60,
        availableAfter: 30,
      },
      warnings: [],
      ...outcome,
    },
    createdAt: at,
    expiresAt: at,
  }
}
