/** Reads from Apple which of an operation's holders have which of its assets now. */
import type { Assignment } from '@apportion/apple-wire/messages'
import type { AppsBooksClient } from '@apportion/apps-books/client'
import type { AssetKey } from './asset-store.ts'
import type { OperationRow } from './operations.ts'

/** Up to so many holders are asked for one by one; more are found by walking the assets. */
const askedOneByOne = 10

/** For each asset the holders of the operation that have it; `exact` when the set did not change while it was read. */
export async function holdersOf(
  client: AppsBooksClient,
  { keys, operation }: { readonly keys: readonly AssetKey[]; readonly operation: OperationRow },
): Promise<{ readonly holdersByAsset: ReadonlyMap<number, readonly string[]>; readonly exact: boolean }> {
  const wanted = new Set(operation.holders)
  const found = new Map<number, Set<string>>(keys.map((key) => [key.id, new Set<string>()]))
  let exact = true
  for (const filter of filtersOf(keys, operation)) {
    const walk = client.assignments(filter)
    for await (const page of walk.pages) {
      for (const assignment of page.records) {
        const holder = holderOf(assignment, operation.holder_kind)
        const key = keys.find((each) => isOf(each, assignment))
        if (holder !== undefined && key !== undefined && wanted.has(holder)) found.get(key.id)?.add(holder)
      }
    }
    if (walk.summary.moved) exact = false
  }
  return { holdersByAsset: new Map([...found].map(([id, holders]) => [id, [...holders]])), exact }
}

type Filter = NonNullable<Parameters<AppsBooksClient['assignments']>[0]>

function filtersOf(keys: readonly AssetKey[], operation: OperationRow): readonly Filter[] {
  if (operation.holders.length > askedOneByOne) {
    return keys.map(({ adamId, pricingParam }) => ({ adamId, pricingParam }))
  }
  return operation.holders.map((holder) =>
    operation.holder_kind === 'device' ? { serialNumber: holder } : { clientUserId: holder },
  )
}

function holderOf(assignment: Assignment, kind: 'device' | 'user'): string | undefined {
  return kind === 'device' ? assignment.serialNumber : assignment.clientUserId
}

function isOf(key: AssetKey, assignment: Assignment): boolean {
  return key.adamId === assignment.adamId && key.pricingParam === assignment.pricingParam
}
