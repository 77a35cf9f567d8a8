/**
 * One location (Apple: organizational unit) as Apple keeps it: tokens, who manages it, assets, users, licenses.
 */
import type {
  MdmInfo,
  NotificationType,
  Platform,
  PricingParam,
  ProductType,
  UserStatus,
} from '@apportion/apple-wire/messages'
import type { ContentToken } from './content-token.ts'
import type { AppleEvent } from './event.ts'
import { type AssetHolding, emptyHolding, LicenseBook } from './license-book.ts'
import { LicenseTimes } from './license-times.ts'
import type { Random } from './random.ts'
import { RateLimit } from './rate-limit.ts'
import { SubscriptionBook } from './subscription-book.ts'
import { VersionLog } from './version-log.ts'

/** What is fixed when a location is made. */
export interface LocationIdentity {
  readonly uId: string
  readonly name: string
  readonly organizationName: string
  /** Two capital letters of the storefront. */
  readonly country: string
  readonly platform: 'volumestore' | 'enterprisestore'
  readonly websiteURL: string
}

export interface AssetIdentity {
  readonly adamId: string
  readonly pricingParam: PricingParam
}

/** Licenses of one title at one location. Invariant: available + assigned + retired = total, none negative. */
export interface Asset extends AssetIdentity, AssetHolding {
  readonly productType: ProductType
  readonly deviceAssignable: boolean
  readonly revocable: boolean
  readonly platforms: readonly Platform[]
  unlimited: boolean
  total: number
  /** Of those held, the ones that retired users keep for ever. */
  retired: number
}

/** A registration of a `clientUserId`; retired ones stay, so an id can have several rows, one of them active. */
export interface UserRow {
  readonly row: number
  readonly clientUserId: string
  email: string | undefined
  status: UserStatus
  inviteCode: string | undefined
  idHash: string | undefined
  /** The Apple Account behind an associated row, by which a second association is recognized. */
  appleAccount: string | undefined
  /** Stamp of the write that changed the row last. */
  stamp: number
}

/** Where Apple posts notifications. */
export interface Webhook {
  readonly url: string
  readonly authToken: string
}

export class Location implements LocationIdentity {
  readonly uId: string
  readonly name: string
  readonly organizationName: string
  readonly country: string
  readonly platform: 'volumestore' | 'enterprisestore'
  readonly websiteURL: string
  readonly tokens: ContentToken[] = []
  mdmInfo: Required<MdmInfo> | undefined
  webhook: Webhook | undefined
  notificationTypes: readonly NotificationType[] = []
  readonly assets: Asset[] = []
  readonly #assetByKey = new Map<string, Asset>()
  readonly book = new LicenseBook()
  readonly users: UserRow[] = []
  readonly activeUsers = new Map<string, UserRow>()
  /** The ids of which some row is not active any more: only these can have several rows. */
  readonly formerUserIds = new Set<string>()
  /** The row that was associated last with each Apple Account. */
  readonly rowByAccount = new Map<string, UserRow>()
  /** Managed Apple Accounts of the organization, with which a user is associated without an invitation. */
  readonly managedAppleAccounts = new Set<string>()
  readonly events = new Map<string, AppleEvent>()
  readonly versions: {
    readonly assets: VersionLog
    readonly assignments: VersionLog
    readonly users: VersionLog
  }
  /** When the events accepted so far will be done, for a simulator that processes at a limited speed. */
  busyUntil = 0
  readonly rate = new RateLimit()
  readonly subscriptions: SubscriptionBook
  readonly times = new LicenseTimes()

  constructor(identity: LocationIdentity, random: Random) {
    this.uId = identity.uId
    this.name = identity.name
    this.organizationName = identity.organizationName
    this.country = identity.country
    this.platform = identity.platform
    this.websiteURL = identity.websiteURL
    this.subscriptions = new SubscriptionBook(random)
    this.versions = {
      assets: new VersionLog(random),
      assignments: new VersionLog(random),
      users: new VersionLog(random),
    }
  }

  asset(adamId: string, pricingParam: PricingParam = 'STDQ'): Asset | undefined {
    return this.#assetByKey.get(assetKey(adamId, pricingParam))
  }

  /** Every row of an id, oldest first. Nearly all ids have one, which is found without a search. */
  rowsNamed(clientUserId: string): readonly UserRow[] {
    if (this.formerUserIds.has(clientUserId)) {
      return this.users.filter((row) => row.clientUserId === clientUserId)
    }
    const active = this.activeUsers.get(clientUserId)
    return active ? [active] : []
  }

  /** Enters an asset without licenses; the pair of adamId and pricingParam must be new. */
  addAsset(asset: Omit<Asset, keyof AssetHolding>): Asset {
    const key = assetKey(asset.adamId, asset.pricingParam)
    if (this.#assetByKey.has(key)) throw new Error(`The location ${this.uId} owns ${key} already`)
    const added: Asset = { ...asset, ...emptyHolding(this.assets.length) }
    this.assets.push(added)
    this.#assetByKey.set(key, added)
    this.versions.assets.bump()
    return added
  }
}

/** Licenses that nobody holds; endless for an unlimited asset. */
export function availableCount(asset: Asset): number {
  return asset.unlimited ? Number.POSITIVE_INFINITY : asset.total - asset.held
}

/** The count that Apple calls assigned: licenses held by devices and by users who are not retired. */
export const assignedCount = (asset: Asset): number => asset.held - asset.retired

export const assetKey = (adamId: string, pricingParam: PricingParam): string => `${adamId}/${pricingParam}`
