/** What the list endpoints can be narrowed to, in Apple's words. All conditions must hold. */
import type { PricingParam, ProductType } from '@apportion/apple-wire/messages'

export interface AssetsFilter {
  readonly adamId?: string
  readonly pricingParam?: PricingParam
  readonly productType?: ProductType
  readonly revocable?: boolean
  readonly deviceAssignable?: boolean
  readonly minAvailableCount?: number
  readonly maxAvailableCount?: number
  readonly minAssignedCount?: number
  readonly maxAssignedCount?: number
  /** Leaves unlimited assets out. */
  readonly unlimited?: false
}

export interface AssignmentsFilter {
  readonly adamId?: string
  readonly pricingParam?: PricingParam
  readonly clientUserId?: string
  readonly serialNumber?: string
  readonly excludeInactiveUsers?: boolean
  /** Adds `userStatus` and `idHash` to assignments of users. */
  readonly includeUserState?: boolean
}

export interface UsersFilter {
  readonly clientUserId?: string
  /** Without retired users. */
  readonly activeOnly?: boolean
  readonly retiredOnly?: boolean
}

/**
 * Only what was added or changed since a version that an earlier walk told as its first. What was taken away is not
 * among it. Whether a condition beside it is heeded is not documented, so there is none.
 */
export interface SinceVersion {
  readonly sinceVersionId: string
}

export type AssignmentsQuery =
  | (AssignmentsFilter & { readonly sinceVersionId?: never })
  | (SinceVersion & Pick<AssignmentsFilter, 'includeUserState'>)

export type UsersQuery = (UsersFilter & { readonly sinceVersionId?: never }) | SinceVersion

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** The address with the query added to what it already asks. */
export function withQuery(address: string, query: Query): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url.href
}
