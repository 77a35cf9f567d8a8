/** A simulated device: what its person does with it, what the server does with it, and what can be seen of it. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { Activity } from './activity.ts'
import type { AppLicense, DownloadFault } from './apps.ts'
import type { DeviceBook } from './books.ts'
import type { JudgedDeclaration } from './declarations.ts'
import type { DeviceIdentity } from './device-identity.ts'
import { DeviceLink } from './device-link.ts'
import type { DeviceState } from './device-state.ts'
import { enroll, fetchProfile } from './enroll.ts'
import type { Enrollment } from './enrollment.ts'
import { opens } from './licenses.ts'
import type { Person } from './person.ts'
import type { HeardCommand } from './session.ts'
import type { Lengths } from './signed-message.ts'

/** What can be seen of an app on the device. */
export interface SeenApp {
  readonly bundleId: string
  readonly installed: boolean
  readonly managed: boolean
  /** As ManagedApplicationList would tell it now, without forgetting it. */
  readonly state: string | undefined
  readonly version: string | undefined
  readonly license: AppLicense | undefined
  /** What the app reads as its managed configuration. */
  readonly configuration: PlistDict | undefined
}

export class SimulatedDevice {
  readonly #state: DeviceState
  readonly #link: DeviceLink
  #losesCheckOut = false

  constructor(state: DeviceState, activity: Activity) {
    this.#state = state
    this.#link = new DeviceLink(state, activity)
  }

  get identity(): DeviceIdentity {
    return this.#state.identity
  }

  /** Answers questions, counts them. */
  get person(): Person {
    return this.#state.person
  }

  get isEnrolled(): boolean {
    return this.#state.enrollment !== undefined
  }

  /** The identifier that the server knows it by: UDID, or the EnrollmentID of a User Enrollment. */
  get enrollmentIdentifier(): string | undefined {
    const ids = this.#state.enrollment?.ids
    const value = ids?.UDID ?? ids?.EnrollmentID
    return typeof value === 'string' ? value : undefined
  }

  /** DER. */
  get certificate(): Buffer | undefined {
    return this.#state.enrollment?.certificate.certificate
  }

  /** The latest commands, oldest first. */
  get heard(): readonly HeardCommand[] {
    return this.#link.session.heard
  }

  /** The declarations that it holds, with what it makes of them. */
  get declarations(): readonly JudgedDeclaration[] {
    return this.#link.declarative.declarations
  }

  /** What it asked for, in order: `tokens`, `declaration-items`, each declaration, `status`; of files the addresses. */
  get askedOfDeclarations(): readonly string[] {
    return this.#link.declarative.asked
  }

  /** Opens the address of a profile and installs it. Throws `EnrollmentFailed`; the device is then as before. */
  async enroll(profileUrl: string): Promise<void> {
    await this.install(await fetchProfile(this.#state, profileUrl))
  }

  /** Installs an enrollment profile that came some other way. Throws `EnrollmentFailed`. */
  async install(profile: Uint8Array): Promise<void> {
    if (this.isEnrolled) throw new Error(`${this.identity.serialNumber} is enrolled already`)
    const enrollment = await this.#enroll(profile)
    const { managedAccount } = enrollment.profile.management
    if (managedAccount !== undefined)
      Object.assign(this.#state.account, { name: managedAccount, signedIn: true })
    this.#link.begin(enrollment)
  }

  /** Asks the server for commands, as a push makes it do. */
  wake(): void {
    this.#link.wake()
  }

  /** Switched on and not unlocked yet. */
  restart(): void {
    this.#state.conditions.locked = true
  }

  /** Unlocked; what was put off last is asked for again. */
  unlock(): void {
    this.#state.conditions.locked = false
    this.#link.comeBack()
  }

  /** From now on Setup Assistant is open. */
  enterSetupAssistant(): void {
    this.#state.conditions.inSetupAssistant = true
  }

  finishSetupAssistant(): void {
    this.#state.conditions.inSetupAssistant = false
    this.#link.comeBack()
  }

  goOffline(): void {
    this.#state.conditions.online = false
  }

  /** Reachable again: stored pushes arrive. */
  goOnline(): void {
    this.#state.conditions.online = true
    this.#link.collectPushes()
  }

  /** Apple gives a new push token; the device tells the server. */
  rotateToken(): void {
    this.#link.rotateToken()
  }

  /** The person removes the profile: managed apps go, and the server is told once, if it gets to hear it. */
  leave(): void {
    this.#link.leave(!this.#losesCheckOut)
    this.#losesCheckOut = false
  }

  /** The next `leave` is not told to the server. */
  loseCheckOut(): void {
    this.#losesCheckOut = true
  }

  /** Somebody's account is entered, and the store's password given. */
  signIn(account: string): void {
    Object.assign(this.#state.account, { name: account, signedIn: true })
  }

  /** The store asks for the password again; whose account it is stays known. */
  signOut(): void {
    this.#state.account.signedIn = false
  }

  /** A restriction, from wherever, forbids to install apps. */
  forbidInstalling(forbidden = true): void {
    this.#state.conditions.installingForbidden = forbidden
  }

  /** The person gets an app from the store; throws for one that the store does not have. */
  installByPerson(adamId: string): void {
    const title = this.#state.ports.store.title(adamId)
    if (title?.kind !== 'app') throw new RangeError(`The store has no app ${adamId}`)
    this.#state.apps.installByPerson(title)
  }

  deleteApp(bundleId: string): void {
    this.#state.apps.deleteByPerson(bundleId)
  }

  /** The person has the app open, or not any more. */
  openApp(bundleId: string, isOpen = true): void {
    if (isOpen) this.#state.apps.inFront.add(bundleId)
    else this.#state.apps.inFront.delete(bundleId)
  }

  /** Whether an installed app still opens: its license may be gone for 30 days. */
  opens(bundleId: string): boolean {
    const app = this.#state.apps.installed.get(bundleId)
    if (app === undefined) return false
    return app.license === 'none' || opens(this.#state, app.title.adamId)
  }

  /** The app writes for the server to read. */
  writeFeedback(bundleId: string, feedback: PlistDict): void {
    const app = this.#state.apps.managed.get(bundleId)
    if (app === undefined) throw new RangeError(`${bundleId} is not managed`)
    app.feedback = feedback
  }

  /** What is to become of the next download. */
  failNextDownload(fault: DownloadFault = 'failed'): void {
    this.#state.apps.faults.push(fault)
  }

  /** The device receives the next `count` commands and loses them before it does anything. */
  loseCommands(count = 1): void {
    this.#link.session.losses += count
  }

  /**
   * How messages are signed from now on: with SHA-1, as by older systems, or SHA-256; with the lengths of the outer
   * layers open, as Apple's encoder leaves them, or definite.
   */
  signWith(digest: 'sha1' | 'sha256', lengths: Lengths = 'open'): void {
    this.#state.digest = digest
    this.#state.lengths = lengths
  }

  /** How long downloads and the like take from now on, in milliseconds. */
  setPace(pace: Partial<DeviceState['pace']>): void {
    this.#state.pace = { ...this.#state.pace, ...pace }
  }

  app(bundleId: string): SeenApp | undefined {
    const installed = this.#state.apps.installed.get(bundleId)
    const entry = this.#state.apps.managed.get(bundleId)
    if (installed === undefined && entry === undefined) return undefined
    return {
      bundleId,
      installed: installed !== undefined,
      managed: installed?.managed ?? false,
      state: entry?.once ?? entry?.state,
      version: installed?.title.version,
      license: installed?.license,
      configuration: entry?.configuration,
    }
  }

  get apps(): readonly SeenApp[] {
    const { installed, managed } = this.#state.apps
    return [...new Set([...installed.keys(), ...managed.keys()])].flatMap((id) => this.app(id) ?? [])
  }

  get books(): readonly DeviceBook[] {
    return [...this.#state.books.books.values()]
  }

  /** The bundle id of the app into which it is locked. */
  get lockedInto(): string | undefined {
    return this.#state.profiles.appLock
  }

  async #enroll(profile: Uint8Array): Promise<Enrollment> {
    try {
      return await enroll(this.#state, profile, (address) => this.#link.expect(address))
    } catch (error) {
      this.#link.giveUp()
      throw error
    }
  }
}
