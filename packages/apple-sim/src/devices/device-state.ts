/** Everything that a simulated device is and has, as the commands see it. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { SimClock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import { AppShelf, type Pace, USUAL_PACE } from './apps.ts'
import { BookShelf } from './books.ts'
import { DeclaredApps } from './declared-apps.ts'
import type { DeviceHttp } from './device-http.ts'
import type { DeviceIdentity } from './device-identity.ts'
import type { DeviceStore } from './device-store.ts'
import type { Enrollment } from './enrollment.ts'
import type { KeySource } from './keys.ts'
import { Person } from './person.ts'
import { ProfileShelf } from './profiles.ts'
import type { PushDirectory } from './push-directory.ts'
import type { DigestName, Lengths } from './signed-message.ts'

/**
 * A proxy in front of the server that ends TLS and passes the certificates of devices on, as RFC 9440 says or escaped for
 * URLs as nginx does. For profiles whose messages are not signed.
 */
export interface CertificateProxy {
  /** In lower case. */
  readonly header: string
  readonly form: 'rfc9440' | 'escaped-pem'
}

/** The world around a device. */
export interface DevicePorts {
  readonly clock: SimClock
  readonly timeline: Timeline
  readonly random: Random
  readonly store: DeviceStore
  readonly http: DeviceHttp
  readonly keys: KeySource
  readonly push: PushDirectory
  readonly proxy: CertificateProxy | undefined
}

/** The Apple Account on the device. */
export interface StoreAccount {
  /** Nobody's, until somebody entered one. */
  name: string | undefined
  /** Whether the store would ask for a password now. */
  signedIn: boolean
}

/** What keeps a device from doing what it is told. */
export interface Conditions {
  /** Not unlocked since it was switched on. */
  locked: boolean
  /** Setup Assistant has not ended. */
  inSetupAssistant: boolean
  /** A restriction forbids to install apps. */
  installingForbidden: boolean
  online: boolean
}

export class DeviceState {
  readonly identity: DeviceIdentity
  readonly ports: DevicePorts
  readonly person: Person
  readonly apps: AppShelf
  readonly books: BookShelf
  readonly profiles = new ProfileShelf()
  readonly declaredApps = new DeclaredApps()
  /** Called when the server has it synchronize its declarations. */
  synchronize: () => void = () => {}
  readonly account: StoreAccount = { name: undefined, signedIn: false }
  readonly conditions: Conditions = {
    locked: false,
    inSetupAssistant: false,
    installingForbidden: false,
    online: true,
  }
  pace: Pace = USUAL_PACE
  /** How messages are signed; older systems use SHA-1. */
  digest: DigestName = 'sha256'
  lengths: Lengths = 'open'
  name: string
  /** As `Settings` set it; stands in the questions to the person. */
  organization: PlistDict | undefined
  enrollment: Enrollment | undefined

  constructor(identity: DeviceIdentity, ports: DevicePorts) {
    const { clock, timeline } = ports
    this.identity = identity
    this.ports = ports
    this.name = identity.name
    this.person = new Person(clock, timeline, identity.kind === 'kiosk' ? 'ignore' : 'accept')
    this.apps = new AppShelf({ clock, timeline, person: this.person })
    this.books = new BookShelf({ clock, timeline, person: this.person })
  }

  /** Whether the enrollment gives all of these rights. */
  hasRight(right: number): boolean {
    const rights = this.enrollment?.profile.management.accessRights ?? 0
    return (rights & right) === right
  }

  get isUserEnrollment(): boolean {
    return this.identity.kind === 'user_enrollment'
  }
}
