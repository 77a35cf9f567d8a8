/** What `UNLIMITED_ASSET` carries; its payload is undocumented, so a client can only read the assets again. */
import type { AssetIdentity } from './location.ts'
import type { OpenQuestions } from './open-questions.ts'

/** The payload, or undefined when nothing is sent. */
export function unlimitedPayload(
  { unlimitedNotification }: OpenQuestions,
  { adamId, pricingParam }: AssetIdentity,
): object | undefined {
  switch (unlimitedNotification) {
    case 'asset':
      return { adamId, pricingParam }
    case 'assets':
      return { assets: [{ adamId, pricingParam }] }
    case 'empty':
      return {}
    case 'none':
      return undefined
  }
}
