/** The profiles on a device beside the enrollment's own, and the lock into one app. */
import { PAYLOAD_TYPES } from '@apportion/apple-wire/mdm-profile'
import { dictField, textField } from '@apportion/apple-wire/plist-fields'
import { invalid, type Profile, ProfileRefused, payloadsOf } from './profile-reading.ts'

export class ProfileShelf {
  /** By `PayloadIdentifier`. */
  readonly installed = new Map<string, Profile>()

  /** The bundle id of the app into which the device is locked. */
  get appLock(): string | undefined {
    return [...this.installed.values()].map(lockedApp).find((app) => app !== undefined)
  }

  /** Installs or replaces a profile. Throws `ProfileRefused`. */
  install(profile: Profile, supervised: boolean): void {
    if (payloadsOf(profile, PAYLOAD_TYPES.appLock).length > 0) this.#expectLockable(profile, supervised)
    this.installed.set(profile.identifier, profile)
  }

  #expectLockable(profile: Profile, supervised: boolean): void {
    if (!supervised) throw invalid('Only a supervised device is locked into an app')
    if (lockedApp(profile) === undefined) throw invalid('The lock names no app')
    const others = [...this.installed.values()].filter(({ identifier }) => identifier !== profile.identifier)
    const locks = payloadsOf(profile, PAYLOAD_TYPES.appLock).length
    if (locks > 1 || others.some((other) => lockedApp(other) !== undefined)) {
      throw new ProfileRefused(4019, 'The device is locked into an app already', 'MCInstallationErrorDomain')
    }
  }
}

function lockedApp(profile: Profile): string | undefined {
  const [lock] = payloadsOf(profile, PAYLOAD_TYPES.appLock)
  const app = lock && dictField(lock, 'App')
  return app && textField(app, 'Identifier')
}
