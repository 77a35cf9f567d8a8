/**
 * The questions that Apple's pages leave open, each as a knob with the answer that is assumed.
 *
 * A client must live with every setting; none of them is a fact about Apple.
 */

export interface OpenQuestions {
  /**
   * How an assignment that was taken back shows in a delta: not at all, as a record like any other, or with
   * `deleted: true`.
   */
  readonly removalsInDelta: 'absent' | 'plain' | 'marked'
  /** Whether the filters of a request apply to its delta, or later filters are ignored as in the older version. */
  readonly filtersInDelta: 'apply' | 'ignore'
  /** Outcome of giving what is held already; the older version failed with 9616. */
  readonly alreadyAssigned: 'success' | 9616
  /** Outcome of taking what nobody holds; the older version failed with 9619. */
  readonly notAssigned: 'success' | 9619
  /** Whether an asset that the location does not own fails as a task (9709) or is refused at once (9602). */
  readonly unownedAsset: 'async' | 'sync'
  /** Which list of a write is checked first when both are wrong. */
  readonly validationOrder: 'assets-first' | 'targets-first'
  /** What a field left out of a POST of client config means for its present value. */
  readonly omittedClientConfig: 'keep' | 'clear'
  /** Whether the address is probed at every POST that names it, or only when address or secret differ. */
  readonly probeUnchangedWebhook: boolean
  /** Whether the list of an empty set is an empty list or missing. */
  readonly emptyListKey: 'present' | 'absent'
  /** What `retiredCount` counts: books that retired users keep, or nothing (those count as assigned). */
  readonly retiredCount: 'books-of-retired-users' | 'zero'
  /** What an unlimited asset shows as `availableCount`. */
  readonly unlimitedAvailable: 'total-minus-assigned' | 'total' | 'zero'
  /** What `UNLIMITED_ASSET` carries when a title becomes limited or unlimited; `none` sends nothing. */
  readonly unlimitedNotification: 'asset' | 'assets' | 'empty' | 'none'
  /** Devices that one user license serves; `Infinity` lifts the cap. */
  readonly devicesPerUserLicense: number
  /** Whether the error of a notification names what failed, as the one of a status does. */
  readonly notificationErrorInfo: boolean
  /** Whether a notification carries one `error`, or a list `failures`. */
  readonly notificationErrors: 'error' | 'failures'
  /** What `users` holds in a USER_MANAGEMENT of failures. */
  readonly failedUsers: 'id' | 'as-sent' | 'none'
  /** Local address that notifications come from; unset leaves it to the machine. */
  readonly notificationSource: string | undefined
  /** Oldest TLS version spoken to a webhook. */
  readonly notificationTls: 'TLSv1.2' | 'TLSv1.3'
  /** What `numRequested` of a revoke counts: assignments taken back, or users and devices named. */
  readonly revokeRequested: 'assignments' | 'targets'
  /** Ids that one call of a metadata lookup answers; what lies beyond is refused, or missing without a word. */
  readonly metadataIds: { readonly most: number; readonly beyond: 'refused' | 'missing' }
  /** Whether `contentMetadataLookup` answers as it has been seen to, or as one of its samples (number, list). */
  readonly lookupShape: 'live' | 'documented'
  /** Whether `urls` of service config name the addresses of subscriptions; Apple's example does not. */
  readonly subscriptionUrls: boolean
  /** Endpoints that Apple has taken away: paths after `/mdm/v2`, answered 410 with 9634. */
  readonly removedEndpoints: readonly string[]
  /** How long after COMPLETE a license stays invisible to the store that devices ask. */
  readonly storeVisibilityMs: number
  /** Calls of the public lookup from one address in a minute before 429. */
  readonly publicLookupsPerMinute: number
  /** Calls of the metadata API with one developer key in a minute before 429. */
  readonly organizationLookupsPerMinute: number
}

/** What is assumed where nothing else is asked for. */
export const ASSUMED_ANSWERS: OpenQuestions = {
  removalsInDelta: 'absent',
  filtersInDelta: 'apply',
  alreadyAssigned: 'success',
  notAssigned: 'success',
  unownedAsset: 'async',
  validationOrder: 'assets-first',
  omittedClientConfig: 'keep',
  probeUnchangedWebhook: true,
  emptyListKey: 'present',
  retiredCount: 'books-of-retired-users',
  unlimitedAvailable: 'total-minus-assigned',
  unlimitedNotification: 'asset',
  devicesPerUserLicense: 5,
  notificationErrorInfo: false,
  notificationErrors: 'error',
  failedUsers: 'id',
  notificationSource: undefined,
  notificationTls: 'TLSv1.2',
  revokeRequested: 'assignments',
  metadataIds: { most: 200, beyond: 'missing' },
  lookupShape: 'live',
  subscriptionUrls: false,
  removedEndpoints: [],
  storeVisibilityMs: 0,
  publicLookupsPerMinute: 40,
  organizationLookupsPerMinute: 1000,
}
