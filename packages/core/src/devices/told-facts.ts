/** What a device tells of itself, in the words of the directory (D2). */
import type { EnrollmentType, Ownership, Platform } from '../directory/device-facts.ts'

/** As the device spells it; what it leaves out is not known. Not to be trusted. */
export interface ToldFacts {
  readonly deviceName?: string | undefined
  /** Apple's identifier of the model: `iPhone14,5`. */
  readonly productName?: string | undefined
  readonly osVersion?: string | undefined
  readonly isSupervised?: boolean | undefined
  /** A Shared iPad. */
  readonly isMultiUser?: boolean | undefined
}

/** What the directory takes over; undefined keeps what is known. */
export interface DirectoryFacts {
  readonly name?: string | undefined
  readonly model?: string | undefined
  readonly platform?: Platform | undefined
  readonly osVersion?: string | undefined
  readonly supervised?: boolean | undefined
  readonly ownership: Ownership
  readonly enrollmentType?: EnrollmentType | undefined
}

/** The facts of an enrolled device. Its owner is said by the enrollment, never by the device. */
export function directoryFacts(
  told: ToldFacts,
  { kind, ownership }: { readonly kind: 'device' | 'user'; readonly ownership: Ownership },
): DirectoryFacts {
  const model = tidy(told.productName, 200)
  return {
    name: tidy(told.deviceName, 200),
    model,
    platform: model === undefined ? undefined : platformOfModel(model),
    osVersion: tidy(told.osVersion, 50),
    supervised: told.isSupervised,
    ownership,
    enrollmentType: enrollmentTypeOf(kind, told.isMultiUser),
  }
}

/** A device that does not say whether it is shared keeps what is known of it. */
function enrollmentTypeOf(
  kind: 'device' | 'user',
  isMultiUser: boolean | undefined,
): EnrollmentType | undefined {
  if (kind === 'user') return 'user'
  if (isMultiUser === undefined) return undefined
  return isMultiUser ? 'shared' : 'device'
}

const platforms: readonly (readonly [RegExp, Platform])[] = [
  [/^iPad/, 'iPadOS'],
  [/^(?:iPhone|iPod)/, 'iOS'],
  [/^(?:AppleTV|AudioAccessory)/, 'tvOS'],
  [/^Watch/, 'watchOS'],
  [/^RealityDevice/, 'visionOS'],
  [/^(?:iMac|Mac|Xserve|VirtualMac)/, 'macOS'],
]

/** The system that a model runs, by Apple's identifier of the model; undefined for one of a kind that we do not know. */
export function platformOfModel(model: string): Platform | undefined {
  return platforms.find(([form]) => form.test(model))?.[1]
}

/** One line without control characters, of a bounded length; nothing when nothing is left. */
function tidy(text: string | undefined, longest: number): string | undefined {
  const line = text?.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  if (line === undefined || line === '') return undefined
  // A character may be cut in two.
  return line.slice(0, longest).toWellFormed().trim()
}
