/** The apps of a device: what is installed, and what the server manages or wants to. */
import type { KnownAppState } from '@apportion/apple-wire/mdm-apps'
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { SimClock } from '../clock.ts'
import type { Timeline } from '../timeline.ts'
import type { StoreTitle } from './device-store.ts'
import type { Person, PromptKind } from './person.ts'

/** Something that is on the device and opens. */
export interface InstalledApp {
  readonly title: StoreTitle
  /** By whose license it came; `none` for the person's own purchase. */
  readonly license: AppLicense
  /** Whether the server manages it. */
  readonly managed: boolean
}

export type AppLicense = 'device' | 'user' | 'none'

/** What the device remembers of an app that it was told to install. */
export interface ManagedApp {
  readonly bundleId: string
  title: StoreTitle
  license: AppLicense
  flags: number
  configuration?: PlistDict | undefined
  attributes?: PlistDict | undefined
  /** What the app wrote for the server. */
  feedback?: PlistDict | undefined
  /** Until the next step; absent when only `once` is left to tell. */
  state?: KnownAppState | undefined
  /** Told once and then forgotten, and with it the whole entry when there is no `state`. */
  once?: KnownAppState | undefined
  unusedCode?: string | undefined
  /** The declaration that brought it: then no command touches it. */
  declaration?: string | undefined
}

/** A step on the way of an app. */
export type Stage =
  | { readonly state: KnownAppState; readonly lastsMs: number }
  | {
      readonly state: KnownAppState
      readonly prompt: PromptKind
      readonly refusedAs: KnownAppState
      readonly onAccept?: () => void
    }
  /** Waits for a command. */
  | { readonly state: KnownAppState; readonly waits: true }

/** How long what nobody decides takes, in milliseconds. */
export interface Pace {
  readonly queuedMs: number
  readonly installingMs: number
  readonly checkingMs: number
}
export const USUAL_PACE: Pace = { queuedMs: 20_000, installingMs: 40_000, checkingMs: 20_000 }

/** What becomes of a download. */
export type DownloadFault = 'failed' | 'download_failed'

/** An icon stands on the screen already. */
const COMING: ReadonlySet<KnownAppState> = new Set(['Queued', 'Installing'])

export interface AppShelfPorts {
  readonly clock: SimClock
  readonly timeline: Timeline
  readonly person: Person
}

export class AppShelf {
  readonly #ports: AppShelfPorts
  readonly installed = new Map<string, InstalledApp>()
  readonly managed = new Map<string, ManagedApp>()
  /** Downloads that stopped, by bundle id; they stand in the list of installed apps. */
  readonly stopped = new Map<string, StoreTitle>()
  /** Apps that the person has open at the moment. */
  readonly inFront = new Set<string>()
  /** Of the next downloads, in their order. */
  readonly faults: DownloadFault[] = []
  /** Called when something of an app has changed. */
  changed: () => void = () => {}
  /** The way that each app is on; a newer one ends it. */
  readonly #ways = new Map<string, { readonly stop: () => void }>()

  constructor(ports: AppShelfPorts) {
    this.#ports = ports
  }

  /** Sends an app through its stages; `arrive` is called after the last. A way that it was on ends. */
  travel(app: ManagedApp, stages: readonly Stage[], arrive: () => void): void {
    this.halt(app.bundleId)
    let isOn = true
    let close = (): void => {}
    const way = {
      stop: () => {
        isOn = false
        close()
      },
    }
    this.#ways.set(app.bundleId, way)
    const next = (place: number): void => {
      if (!isOn) return
      const stage = stages[place]
      if (stage === undefined) {
        this.#ways.delete(app.bundleId)
        arrive()
        return
      }
      app.state = stage.state
      this.changed()
      const goOn = (): void => next(place + 1)
      if ('lastsMs' in stage) this.#ports.timeline.at(this.#ports.clock.now() + stage.lastsMs, goOn)
      if (!('prompt' in stage)) return
      close = this.#ports.person.ask(stage.prompt, (answer) => {
        if (answer === 'refuse') {
          this.#turnBack(app, stage.refusedAs)
          return
        }
        stage.onAccept?.()
        goOn()
      })
    }
    next(0)
  }

  /** Whether the app is on a way. */
  travels(bundleId: string): boolean {
    return this.#ways.has(bundleId)
  }

  /** Ends the way of an app; what it waited for does not happen. */
  halt(bundleId: string): void {
    this.#ways.get(bundleId)?.stop()
    this.#ways.delete(bundleId)
  }

  /** The entry for an app, a new one when there is none. */
  entry(title: StoreTitle): ManagedApp {
    const known = this.managed.get(title.bundleId)
    if (known !== undefined) return known
    const app: ManagedApp = { bundleId: title.bundleId, title, license: 'none', flags: 0 }
    this.managed.set(title.bundleId, app)
    return app
  }

  /** Puts the app on the device, unless a fault was planned. */
  install(app: ManagedApp): void {
    this.changed()
    const fault = this.faults.shift()
    if (fault === undefined) {
      this.installed.set(app.bundleId, { title: app.title, license: app.license, managed: true })
      this.stopped.delete(app.bundleId)
      app.state = 'Managed'
      app.once = undefined
      return
    }
    if (fault === 'failed') {
      this.#turnBack(app, 'Failed')
      return
    }
    this.stopped.set(app.bundleId, app.title)
    this.managed.delete(app.bundleId)
  }

  /** The server takes over what the person installed. */
  takeOver(app: ManagedApp): void {
    this.changed()
    const { title, license } = this.installed.get(app.bundleId) ?? app
    this.installed.set(app.bundleId, { title, license, managed: true })
    app.state = 'Managed'
  }

  /** The person installs an app by themselves; one that was managed and deleted is managed again. */
  installByPerson(title: StoreTitle): void {
    this.changed()
    const app = this.managed.get(title.bundleId)
    const isKnown = app?.state === 'ManagedButUninstalled'
    if (app !== undefined && isKnown) app.state = 'Managed'
    this.installed.set(title.bundleId, { title, license: 'none', managed: isKnown })
  }

  /**
   * The person deletes an app, or one that is being downloaded; what is managed is remembered. One that is declared as
   * required cannot be deleted.
   */
  deleteByPerson(bundleId: string): void {
    const app = this.managed.get(bundleId)
    if (app?.declaration !== undefined) return
    const there = this.installed.get(bundleId)
    const isComing = app?.state !== undefined && COMING.has(app.state)
    if (there === undefined && !isComing) return
    this.changed()
    this.halt(bundleId)
    this.installed.delete(bundleId)
    if (app === undefined) return
    if (there === undefined || there.managed) app.state = 'ManagedButUninstalled'
    else if (app.state !== undefined) this.#turnBack(app, 'ManagementRejected')
  }

  /** Takes an app away and forgets it. */
  remove(bundleId: string): void {
    this.changed()
    this.halt(bundleId)
    this.installed.delete(bundleId)
    this.managed.delete(bundleId)
    this.stopped.delete(bundleId)
  }

  /** Ends management: apps with flag 1 go with it, the others stay as the person's own. */
  endManagement(): void {
    for (const app of this.managed.values()) {
      this.halt(app.bundleId)
      this.managed.delete(app.bundleId)
      const there = this.installed.get(app.bundleId)
      if (there === undefined || !there.managed) continue
      if ((app.flags & 1) !== 0) this.installed.delete(app.bundleId)
      else this.installed.set(app.bundleId, { ...there, managed: false })
    }
    this.stopped.clear()
  }

  /** What a refusal or a failure leaves: told once; an app that was there before stays. */
  #turnBack(app: ManagedApp, once: KnownAppState): void {
    this.changed()
    this.#ways.delete(app.bundleId)
    app.once = once
    app.state = this.installed.get(app.bundleId)?.managed ? 'Managed' : undefined
  }
}
