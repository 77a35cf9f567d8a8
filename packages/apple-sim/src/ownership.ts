/** What it means to own a title: the properties that an asset gets when they are not said. */
import type { Platform, PricingParam, ProductType } from '@apportion/apple-wire/messages'
import type { Catalog } from './catalog.ts'
import type { Location } from './location.ts'

export interface Ownership {
  readonly adamId: string
  readonly pricingParam?: PricingParam
  /** Licenses owned; raised to this number when the asset exists. */
  readonly total?: number
  readonly productType?: ProductType
  readonly deviceAssignable?: boolean
  readonly revocable?: boolean
  readonly platforms?: readonly Platform[]
  readonly unlimited?: boolean
}

/** What is not said follows from the title: books cannot come back and go to users only. */
export function newAsset(
  catalog: Catalog,
  { adamId, pricingParam = 'STDQ', ...said }: Ownership,
): Parameters<Location['addAsset']>[0] {
  const title = catalog.find(adamId)
  const isBook = said.productType === undefined ? title?.kind === 'epubBook' : said.productType === 'Book'
  return {
    adamId,
    pricingParam,
    productType: isBook ? 'Book' : 'App',
    deviceAssignable: said.deviceAssignable ?? (!isBook && title?.deviceAssignable !== false),
    revocable: said.revocable ?? !isBook,
    platforms: said.platforms ?? platformsOf(title?.deviceFamilies),
    unlimited: false,
    total: 0,
    retired: 0,
  }
}

function platformsOf(families: readonly string[] | undefined): readonly Platform[] {
  if (!families) return ['iOS']
  const platforms: Platform[] = []
  if (families.some((family) => family !== 'mac' && family !== 'tvos')) platforms.push('iOS')
  if (families.includes('mac')) platforms.push('macOS')
  if (families.includes('tvos')) platforms.push('tvOS')
  return platforms
}
