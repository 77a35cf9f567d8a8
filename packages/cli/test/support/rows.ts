/** Rows as the API gives them, with one value changed here and there. */
import type { Asset } from '../../src/lookup/asset.ts'
import type { Group } from '../../src/lookup/group.ts'
import type { TitleWithPools } from '../../src/lookup/title.ts'
import type { Token } from '../../src/lookup/token.ts'
import type { SyncRun } from '../../src/output/token-state.ts'
import type { Plan } from '../../src/planning.ts'
import type { Assignment } from '../../src/wanted-assignments.ts'

type Outcome = Plan['outcome']

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
    appleCountry: 'NL',
    websiteUrl: 'https://school.apple.com',
    updateHours: null,
    automaticUpdates: false,
    state: 'valid',
    stateReason: 'Valid until 2028-02-01.',
    health: { status: 'healthy', reasons: [] },
    managedBy: null,
    leaving: null,
    expiresAt: '2028-02-01T00:00:00.000Z',
    uploadedAt: at,
    syncEveryMinutes: 720,
    nextSyncAt: '2027-03-01T23:00:00.000Z',
    exactAsOf: '2027-03-01T11:57:00.000Z',
    comparedAt: '2027-02-25T03:00:00.000Z',
    sweep: { at: '2027-03-01T11:57:00.000Z', problem: null },
    notifications: 'on',
    notificationsOff: null,
    lastNotificationAt: '2027-03-01T11:50:00.000Z',
    lastAnswerAt: '2027-03-01T11:57:00.000Z',
    latestSync: null,
    counts: { assets: 3, total: 120, used: 40, available: 80, waiting: 2, heldOutside: 5 },
    ...changes,
  }
}

export function titleRow(changes: Partial<TitleWithPools> = {}): TitleWithPools {
  const { title, counts } = assetRow()
  return {
    adamId: '9041000017',
    name: title.name,
    nameKnown: true,
    kind: 'app',
    publisher: 'Northlight',
    bundleId: 'org.example.atlas',
    iconUrl: null,
    platforms: ['iOS', 'iPadOS'],
    minimumOs: '17.0',
    locations: 2,
    shortPools: 0,
    poolCount: 2,
    counts: { ...counts, unlimitedPools: 1, usedUnlimited: 7 },
    notices: [],
    names: [],
    pools: {
      items: [
        { ...assetRow(), country: 'NL' },
        { ...assetRow({ id: 12, token: { id: 2, name: 'Head office', exactAsOf: null } }), country: 'BE' },
      ],
      nextCursor: null,
    },
    ...changes,
  }
}

export function assetRow(changes: Partial<Asset> = {}, name = 'Star Atlas'): Asset {
  return {
    id: 11,
    adamId: '9041000017',
    pricingParam: 'STDQ',
    token: { id: 1, name: 'Main school', exactAsOf: '2027-03-01T11:57:00.000Z' },
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
    notices: [],
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
    rule: null,
    ruleText: null,
    memberGroups: [],
    isIn: [],
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
    scope: 'changes',
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
    assetsReread: 0,
    problem: null,
    ...changes,
  }
}

/** An inclusion of group 5 that says nothing beside its intent. */
export function assignmentRow(changes: Partial<Assignment> = {}): Assignment {
  return {
    id: 21,
    assetId: 11,
    assetName: 'Star Atlas',
    tokenName: 'Main school',
    group: { id: 5, name: 'iPads', kind: 'device' },
    mode: 'include',
    intent: 'required',
    licenseType: 'device',
    priority: 0,
    reserve: null,
    quota: null,
    pools: 'own',
    settings: {},
    reclaim: {},
    rollout: null,
    createdAt: at,
    createdBy: 'Ada',
    ...changes,
  }
}

const none = { count: 0, sample: [] }

/** A plan of one asset by which 30 devices get a license. */
export function planRow(changes: Partial<Outcome> = {}): Plan {
  const outcome = { ...outcomeRow(), ...changes }
  return {
    id: '0198f7e2-0000-7000-8000-00000000000a',
    kind: 'assignments',
    assetId: 11,
    wanted: [],
    outcome,
    assets: [
      { assetId: 11, name: 'Star Atlas', tokenId: 1, tokenName: 'Main school', country: 'NL', outcome },
    ],
    createdAt: at,
    expiresAt: at,
  }
}

function outcomeRow(): Outcome {
  return {
    devicesReached: 30,
    peopleReached: 0,
    grants: {
      count: 30,
      sample: [
        {
          deviceId: 1,
          userId: null,
          serialNumber: 'C02AAA111',
          deviceName: 'iPad 1',
          userName: null,
          code: 'required',
          place: null,
          reason: 'Member of iPads.',
        },
      ],
    },
    waits: { ...none, byReason: { no_license_left: 0, quota_reached: 0, kept_for_others: 0 } },
    releases: none,
    kept: none,
    keeps: { count: 0, outside: 0 },
    elsewhere: 0,
    withheld: 0,
    cannot: {
      ...none,
      byReason: {
        wrong_platform: 0,
        wrong_family: 0,
        os_too_old: 0,
        device_is_anonymous: 0,
        kiosk_has_no_user: 0,
        shared_ipad_has_no_user: 0,
        no_user: 0,
        left_management: 0,
      },
    },
    uninstalls: 0,
    offered: 0,
    joining: 0,
    irrevocable: 0,
    prompts: [],
    requests: 1,
    licenses: {
      unlimited: false,
      total: 100,
      usedBefore: 40,
      usedAfter: 70,
      availableBefore: 60,
      availableAfter: 30,
    },
    forecast: null,
    warnings: [],
  }
}
