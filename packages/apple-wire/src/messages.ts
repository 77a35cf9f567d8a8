/**
 * The messages of Apple's App and Book Management API v2, as Apple publishes them.
 *
 * Apple marks nearly every field of its answers "not required" and adds values without notice, so answers are
 * typed with optional fields and open enumerations. Whoever reads an answer checks the fields it uses.
 * Source: Apple, "App and Book Management API", state of August 2026.
 */

/** A known value, or one that Apple adds tomorrow. */
export type Open<Known extends string> = Known | (string & {})

/** `STDQ` is the standard quality, `PLUS` the high-quality variant of titles that are sold in two. */
export type PricingParam = Open<'STDQ' | 'PLUS'>
export type ProductType = Open<'App' | 'Book'>
export type Platform = Open<'iOS' | 'macOS' | 'tvOS' | 'watchOS' | 'visionOS'>
export type UserStatus = Open<'Registered' | 'Associated' | 'Retired' | 'Deleted'>
export type EventType = Open<'ASSOCIATE' | 'DISASSOCIATE' | 'REVOKE' | 'CREATE' | 'UPDATE' | 'RETIRE'>
export type EventStatus = Open<'PENDING' | 'COMPLETE' | 'FAILED'>
export type NotificationType = Open<
  | 'TEST_NOTIFICATION'
  | 'ASSET_MANAGEMENT'
  | 'USER_MANAGEMENT'
  | 'USER_ASSOCIATED'
  | 'ASSET_COUNT'
  | 'SUBSCRIPTION_MANAGEMENT'
  | 'SUBSCRIPTION_COUNT'
  | 'UNLIMITED_ASSET'
>

/** Who manages the organizational unit; the last writer wins and Apple offers no compare-and-swap. */
export interface MdmInfo {
  readonly id?: string
  readonly name?: string
  readonly metadata?: string
}

/** What every authenticated answer may carry; `mdmInfo` appears once somebody has set one. */
export interface Envelope {
  readonly uId?: string
  /** ISO 8601 without a colon in the offset, such as `2030-11-08T22:33:22+0000`. */
  readonly tokenExpirationDate?: string
  readonly mdmInfo?: MdmInfo | null
}

/** Identity of an asset at one organizational unit; a missing `pricingParam` means `STDQ`. */
export interface AssetRef {
  readonly adamId: string
  readonly pricingParam?: PricingParam
}

export interface ErrorInfo {
  readonly assets?: readonly AssetRef[]
  readonly clientUserIds?: readonly string[]
  readonly serialNumbers?: readonly string[]
}

/** The body of a failure on any HTTP status, 200 included. Program against the number only. */
export interface ApiError {
  readonly errorNumber: number
  readonly errorMessage?: string
  readonly errorInfo?: ErrorInfo
}

export interface ServiceConfigResponse {
  readonly errorCodes?: readonly { readonly errorNumber: number; readonly errorMessage: string }[]
  readonly limits?: Readonly<Record<string, number>>
  readonly notificationTypes?: readonly string[]
  readonly urls?: Readonly<Record<string, string>>
}

/** What `null` does is not documented; it is sent only to release a location. */
export interface ClientConfigRequest {
  readonly mdmInfo?: Required<MdmInfo> | null
  readonly notificationUrl?: string | null
  readonly notificationAuthToken?: string | null
  /** A complete replacement of the subscribed set. */
  readonly notificationTypes?: readonly NotificationType[]
}

/** Carries the notification secret in clear: never log this body. */
export interface ClientConfigResponse extends Envelope {
  readonly countryISO2ACode?: string
  readonly defaultPlatform?: Open<'volumestore' | 'enterprisestore'>
  readonly locationName?: string
  readonly notificationUrl?: string
  readonly notificationAuthToken?: string
  readonly subscribedNotificationTypes?: readonly NotificationType[]
  readonly websiteURL?: string
}

/** `versionId` names the state of the whole set of its endpoint, and may change while one walks the pages. */
export interface Page extends Envelope {
  readonly currentPageIndex?: number
  readonly nextPageIndex?: number
  /** Records on this page. */
  readonly size?: number
  readonly totalPages?: number
  readonly versionId?: string
}

/** An asset of which the organization owns as many licenses as it wants. */
export interface UnlimitedAsset {
  readonly adamId: string
  readonly pricingParam: PricingParam
  readonly productType: ProductType
  readonly assignedCount: number
  readonly deviceAssignable: boolean
  readonly revocable: boolean
  readonly supportedPlatforms?: readonly Platform[]
}

/** `total = available + assigned + retired`. An unlimited asset read without the filter has `UNLIMITED_TOTAL`. */
export interface ResponseAsset extends UnlimitedAsset {
  readonly availableCount: number
  readonly retiredCount: number
  readonly totalCount: number
}

/** The `totalCount` of an unlimited asset when the `unlimited` filter is left out. */
export const UNLIMITED_TOTAL = 2_147_483_647

export interface AssetsPage extends Page {
  readonly assets?: readonly ResponseAsset[]
  readonly unlimitedAssets?: readonly UnlimitedAsset[]
}

/** One license, held by exactly one of a user or a device. */
export interface Assignment {
  readonly adamId: string
  readonly pricingParam: PricingParam
  readonly clientUserId?: string
  readonly serialNumber?: string
  readonly userStatus?: UserStatus
  readonly idHash?: string
}

export interface AssignmentsPage extends Page {
  readonly assignments?: readonly Assignment[]
}

export interface ResponseUser {
  readonly clientUserId: string
  readonly email?: string
  readonly idHash?: string
  readonly inviteCode?: string
  readonly status: UserStatus
}

export interface UsersPage extends Page {
  readonly users?: readonly ResponseUser[]
}

/** Body of associate and disassociate: assets × (users + serial numbers) are the tasks of the event. */
export interface ManageAssetsRequest {
  readonly assets: readonly AssetRef[]
  readonly clientUserIds?: readonly string[]
  readonly serialNumbers?: readonly string[]
}

/** Takes every revocable asset back from these users and devices. */
export interface RevokeAssetsRequest {
  readonly clientUserIds?: readonly string[]
  readonly serialNumbers?: readonly string[]
}

export interface EventResponse extends Envelope {
  readonly eventId: string
}

/** `FAILED` means at least one failure, partial success included; `numCompleted` counts successes only. */
export interface StatusResponse extends Envelope {
  readonly eventStatus: EventStatus
  readonly eventType?: EventType
  readonly numRequested?: number
  readonly numCompleted?: number
  readonly failures?: readonly ApiError[]
}

/** What Apple posts to the notification address, at most 100 elements at a time. */
export interface Notification {
  readonly notificationId: string
  readonly notificationType: NotificationType
  readonly uId: string
  readonly notification: unknown
}

/** The `notification` of an `ASSET_MANAGEMENT`; one result for all its elements. */
export interface AssetManagementNotification {
  readonly assignments: readonly Assignment[]
  readonly eventId: string
  readonly result: Open<'SUCCESS' | 'FAILURE'>
  readonly type: Open<'ASSOCIATE' | 'DISASSOCIATE' | 'REVOKE'>
  readonly error?: ApiError
}

/** The `notification` of an `ASSET_COUNT`: a change of the total, by purchase, transfer or refund. */
export interface AssetCountNotification {
  readonly adamId: string
  readonly pricingParam: PricingParam
  readonly countDelta: number
}

/** One item of `contentMetadataLookup`; every field is optional and may be null. */
export interface LookupItem {
  readonly id?: string | number | null
  readonly name?: string | null
  readonly kind?: Open<'iosSoftware' | 'desktopApp' | 'epubBook'> | null
  readonly bundleId?: string | null
  readonly artistName?: string | null
  readonly artwork?: LookupArtwork | readonly LookupArtwork[] | null
  readonly deviceFamilies?: readonly string[] | null
  readonly minimumOSVersion?: string | null
  readonly releaseDate?: string | null
  readonly genreNames?: readonly string[] | null
  readonly url?: string | null
  readonly isB2BCustomApp?: boolean | null
  readonly isVppDeviceBasedLicensingEnabled?: boolean | null
  readonly offers?: readonly LookupOffer[] | null
  readonly description?: { readonly standard?: string | null } | null
}

/** `url` is a template: replace `{w}`, `{h}` and `{f}`. */
export interface LookupArtwork {
  readonly url?: string | null
  readonly width?: number | null
  readonly height?: number | null
}

export interface LookupOffer {
  readonly type?: string | null
  readonly price?: number | null
  readonly priceFormatted?: string | null
  readonly version?: { readonly display?: string | null; readonly externalId?: number | null } | null
  readonly assets?: readonly { readonly flavor?: string | null; readonly size?: number | null }[] | null
}

export interface LookupResponse {
  /** Always false, even when the token cookie was accepted. */
  readonly isAuthenticated?: boolean
  readonly version?: number
  readonly meta?: {
    readonly storefront?: { readonly id?: string; readonly cc?: string }
    readonly language?: { readonly tag?: string }
  }
  readonly results?: Readonly<Record<string, LookupItem>>
}
