/**
 * What Apple's portal, its store and other systems do to a location; the hands of a test, a demo, a bench.
 *
 * One class, a little longer than others, since each short method is one thing that can happen to a location.
 * Every change happens at once, moves the versions as a real one would, and notifies whoever subscribed.
 */
import type { AssetCountNotification, PricingParam } from '@apportion/apple-wire/messages'
import { type BulkHolding, fillDevices } from './bulk.ts'
import { mintToken } from './content-token.ts'
import { type EventRecord, eventRecord } from './event.ts'
import { type Held, heldAt, holdersPage } from './held.ts'
import { acceptAndAnnounce } from './invitation.ts'
import { type Asset, assignedCount, availableCount, type Location } from './location.ts'
import { type Holders, licenseOutside } from './outside.ts'
import { newAsset, type Ownership } from './ownership.ts'
import { apiError } from './refusal.ts'
import { performUserTasks } from './registration.ts'
import type { Simulation } from './simulation.ts'
import { SubscriptionControl } from './subscription-control.ts'
import { type TokenControl, type TokenWish, tokenControl } from './token-control.ts'
import { unlimitedPayload } from './unlimited.ts'

export interface Counts {
  readonly total: number
  readonly assigned: number
  readonly available: number
  readonly retired: number
}

export interface NewUser {
  readonly clientUserId: string
  readonly email?: string
  /** Associates at once; entered among the organization's accounts. */
  readonly managedAppleId?: string
}

const YEAR_MS = 365 * 24 * 3_600_000

export class LocationControl {
  readonly #simulation: Simulation
  readonly #location: Location
  /** Seats of subscriptions. */
  readonly subscriptions: SubscriptionControl

  constructor(simulation: Simulation, location: Location) {
    this.#simulation = simulation
    this.#location = location
    this.subscriptions = new SubscriptionControl(simulation, location)
  }

  get uId(): string {
    return this.#location.uId
  }

  get name(): string {
    return this.#location.name
  }

  /** Who manages the location, as the last client config said. */
  get mdmInfo(): Location['mdmInfo'] {
    return this.#location.mdmInfo
  }

  /** The address that notifications go to; the secret stays inside. */
  get notificationUrl(): string | undefined {
    return this.#location.webhook?.url
  }

  /** The most requests that arrived within one second. */
  get peakRequestsPerSecond(): number {
    return this.#location.rate.peak
  }

  /** The most requests of this location that were under way at the same moment. */
  get peakParallelRequests(): number {
    return this.#simulation.log.peakLanes(this.uId)
  }

  /** Valid for a year from now unless said otherwise. */
  mintToken({ expiresAt, role = 'manage', ...special }: TokenWish = {}): TokenControl {
    const { random, clock, tokens, changed } = this.#simulation
    const token = mintToken(random, {
      organizationName: this.#location.organizationName,
      expiresAt: expiresAt === undefined ? clock.now() + YEAR_MS : Number(expiresAt),
      role,
      ...special,
    })
    this.#location.tokens.push(token)
    tokens.set(token.text, { token, location: this.#location })
    changed()
    return tokenControl(this.#simulation, token)
  }

  /** Every token of the location, oldest first, whatever its state. */
  get tokens(): readonly TokenControl[] {
    return this.#location.tokens.map((token) => tokenControl(this.#simulation, token))
  }

  /** Makes sure that the asset exists with these properties, without a notification; for setting up. */
  own(ownership: Ownership): void {
    const { adamId, pricingParam = 'STDQ', total = 0, unlimited } = ownership
    const asset =
      this.#location.asset(adamId, pricingParam) ??
      this.#location.addAsset(newAsset(this.#simulation.catalog, ownership))
    asset.unlimited = unlimited ?? asset.unlimited
    asset.total = Math.max(asset.total, total)
    this.#location.versions.assets.bump()
    this.#simulation.changed()
  }

  /** Licenses bought; the asset is entered when it is new. */
  buy(adamId: string, count: number, pricingParam: PricingParam = 'STDQ'): void {
    if (!this.#location.asset(adamId, pricingParam)) this.own({ adamId, pricingParam })
    this.#changeTotal(this.#asset(adamId, pricingParam), wholeCount(count))
  }

  /** Licenses given back for money; only available ones can go. */
  refund(adamId: string, count: number, pricingParam: PricingParam = 'STDQ'): void {
    const asset = this.#asset(adamId, pricingParam)
    if (wholeCount(count) > availableCount(asset)) {
      throw new RangeError(
        `Only ${availableCount(asset)} licenses of ${adamId} are available, ${count} cannot go`,
      )
    }
    this.#changeTotal(asset, -count)
  }

  /** Available licenses moved to another location; both sides are notified. */
  transfer(to: LocationControl, adamId: string, count: number, pricingParam: PricingParam = 'STDQ'): void {
    const { productType, deviceAssignable, revocable, platforms } = this.#asset(adamId, pricingParam)
    this.refund(adamId, count, pricingParam)
    to.own({ adamId, pricingParam, productType, deviceAssignable, revocable, platforms })
    to.buy(adamId, count, pricingParam)
  }

  /** Licenses assigned by another system or in Apple's portal, behind the client's back. */
  assignOutside(adamId: string, holders: Holders): void {
    licenseOutside(this.#simulation, this.#location, {
      type: 'ASSOCIATE',
      asset: this.#asset(adamId, holders.pricingParam ?? 'STDQ'),
      holders,
    })
  }

  /** Licenses taken back by another system or in Apple's portal. */
  releaseOutside(adamId: string, holders: Holders): void {
    licenseOutside(this.#simulation, this.#location, {
      type: 'DISASSOCIATE',
      asset: this.#asset(adamId, holders.pricingParam ?? 'STDQ'),
      holders,
    })
  }

  /** Assigns to `count` devices without events or notifications, raising the total where needed; for benches. */
  fill(adamId: string, count: number, serialOf: (index: number) => string = benchSerial): void {
    function* each<Item>(of: (index: number) => Item): Generator<Item> {
      for (let index = 0; index < count; index++) yield of(index)
    }
    this.fillDevices(each(serialOf), [{ adamId, positions: each((index) => index) }])
  }

  /** Gives many devices many apps at once, without events or notifications; totals are raised where needed. */
  fillDevices(serialNumbers: Iterable<string>, holdings: Iterable<BulkHolding>): void {
    fillDevices(this.#location, serialNumbers, {
      holdings,
      assetOf: (adamId) => {
        if (!this.#location.asset(adamId)) this.own({ adamId })
        return this.#asset(adamId, 'STDQ')
      },
    })
    this.#simulation.changed()
  }

  /** Who holds what, in the order of assignment; title by title. */
  assignments(adamId?: string): Generator<Held> {
    return heldAt(this.#location, adamId)
  }

  /** A part of who holds an asset, in the order of assignment; places that became free are left out. */
  holdersPage(
    { adamId, pricingParam = 'STDQ' }: { readonly adamId: string; readonly pricingParam?: PricingParam },
    part: { readonly page: number; readonly size: number },
  ): { readonly holders: readonly Held[]; readonly pages: number } {
    return holdersPage(this.#location, this.#asset(adamId, pricingParam), part)
  }

  /** The latest events that were accepted and not forgotten yet, oldest first. */
  latestEvents(limit: number): readonly EventRecord[] {
    return limit === 0 ? [] : [...this.#location.events.values()].slice(-limit).map(eventRecord)
  }

  /** The counts as Apple would show them; `total` is Infinity for an unlimited asset. */
  counts(adamId: string, pricingParam: PricingParam = 'STDQ'): Counts {
    const asset = this.#asset(adamId, pricingParam)
    return {
      total: asset.unlimited ? Number.POSITIVE_INFINITY : asset.total,
      assigned: assignedCount(asset),
      available: availableCount(asset),
      retired: asset.retired,
    }
  }

  /** Every asset with its counts. */
  get assets(): readonly (Counts & { readonly adamId: string; readonly pricingParam: PricingParam })[] {
    return this.#location.assets.map(({ adamId, pricingParam }) => ({
      adamId,
      pricingParam,
      ...this.counts(adamId, pricingParam),
    }))
  }

  /** Licenses held over all assets. */
  get heldCount(): number {
    return this.#location.book.size
  }

  /** Makes an asset limited or unlimited. */
  setUnlimited(adamId: string, unlimited: boolean, pricingParam: PricingParam = 'STDQ'): void {
    const asset = this.#asset(adamId, pricingParam)
    asset.unlimited = unlimited
    if (!unlimited) asset.total = Math.max(asset.total, asset.held)
    this.#location.versions.assets.bump()
    const payload = unlimitedPayload(this.#simulation.knobs(), asset)
    if (payload) this.#simulation.notify(this.#location, 'UNLIMITED_ASSET', payload)
    this.#simulation.changed()
  }

  /** Another product claims the location: its `mdmInfo` shows everywhere, and it hears the notifications. */
  takeOver(mdmInfo: { readonly id: string; readonly name: string; readonly metadata: string }): void {
    this.#location.mdmInfo = mdmInfo
    this.#location.webhook = undefined
    this.#simulation.changed()
  }

  /** The present holder lets go, as if nobody had ever claimed the location. */
  letGo(): void {
    this.#location.mdmInfo = undefined
    this.#location.webhook = undefined
    this.#location.notificationTypes = []
    this.#simulation.changed()
  }

  /** Registers a user as a client would, without an event. */
  addUser({ clientUserId, email, managedAppleId }: NewUser): void {
    if (managedAppleId !== undefined) this.#location.managedAppleAccounts.add(managedAppleId)
    this.#performUser('CREATE', {
      clientUserId,
      ...(email !== undefined && { email }),
      ...(managedAppleId !== undefined && { managedAppleId }),
    })
  }

  retireUser(clientUserId: string): void {
    this.#performUser('RETIRE', { clientUserId })
  }

  /** Enters a Managed Apple Account of the organization. */
  addManagedAppleAccount(managedAppleId: string): void {
    this.#location.managedAppleAccounts.add(managedAppleId)
    this.#simulation.changed()
  }

  /** The person opens the invitation and signs in. */
  acceptInvitation(clientUserId: string, appleAccount = `${clientUserId}@accounts.example`): void {
    const refused = acceptAndAnnounce(this.#simulation, this.#location, { clientUserId, appleAccount })
    if (refused) throw new Error(`${clientUserId}: ${apiError(refused).errorMessage}`)
  }

  /** New `versionId`s without any change, as a busy location shows during a walk. */
  bumpVersions(): void {
    for (const log of Object.values(this.#location.versions)) log.bump()
  }

  /** From now on no `versionId` handed out before is accepted. */
  forgetVersions(): void {
    for (const log of Object.values(this.#location.versions)) log.forgetAll()
  }

  #asset(adamId: string, pricingParam: PricingParam): Asset {
    const asset = this.#location.asset(adamId, pricingParam)
    if (!asset) throw new RangeError(`The location ${this.uId} does not own ${adamId}/${pricingParam}`)
    return asset
  }

  #changeTotal(asset: Asset, countDelta: number): void {
    asset.total += countDelta
    this.#location.versions.assets.bump()
    const notification: AssetCountNotification = {
      adamId: asset.adamId,
      pricingParam: asset.pricingParam,
      countDelta,
    }
    this.#simulation.notify(this.#location, 'ASSET_COUNT', notification)
    this.#simulation.changed()
  }

  #performUser(type: 'CREATE' | 'RETIRE', user: NewUser): void {
    const work = { type, users: [user], refuseWith: undefined }
    const [errorNumber] = performUserTasks(this.#simulation, this.#location, work).keys()
    if (errorNumber) throw new Error(`${user.clientUserId}: ${apiError(errorNumber).errorMessage}`)
    this.#simulation.changed()
  }
}

function wholeCount(count: number): number {
  if (!Number.isInteger(count) || count < 1)
    throw new TypeError(`A number of licenses is 1 or more, not ${count}`)
  return count
}

/** Twelve characters, as many serial numbers have. */
const benchSerial = (index: number): string => `S${index.toString(36).toUpperCase().padStart(11, '0')}`
