/**
 * The control object of a simulated Apple: everything that happens there without the client's doing.
 */
import type { Title } from './catalog.ts'
import {
  checkedDeveloperKey,
  type DeveloperKey,
  type NewDeveloperKey,
  newDeveloperKey,
} from './developer-token.ts'
import type { Directory } from './directory.ts'
import type { FaultPlan } from './faults.ts'
import { canInstall, type InstallAnswer, type InstallingDevice } from './installing.ts'
import type { KnobChoices, Knobs } from './knobs.ts'
import { Location, type LocationIdentity } from './location.ts'
import { LocationControl } from './location-control.ts'
import type { NotificationRecord } from './notifications.ts'
import type { RequestEntry, RequestFilter } from './request-log.ts'
import { parseScenario } from './scenario.ts'
import { ScenarioPlayer, type ScenarioRun } from './scenario-player.ts'
import type { Simulation } from './simulation.ts'

export interface NewLocation {
  /** A number of 16 digits when left out. */
  readonly uId?: string
  readonly name: string
  readonly organizationName: string
  readonly country?: string
  readonly platform?: 'volumestore' | 'enterprisestore'
  readonly websiteURL?: string
}

export class World {
  readonly #simulation: Simulation
  readonly #setKnobs: (choices: KnobChoices) => void
  readonly #controls = new Map<string, LocationControl>()
  readonly #player: ScenarioPlayer
  #directory: Directory | undefined

  constructor(simulation: Simulation, setKnobs: (choices: KnobChoices) => void) {
    this.#simulation = simulation
    this.#setKnobs = setKnobs
    const { clock, timeline, faults } = simulation
    this.#player = new ScenarioPlayer({ clock, timeline, faults, locations: () => this.locations })
  }

  /**
   * Starts a scenario, given as JSON value or made by `randomScenario`. Throws `ScenarioRefusal` for one that is
   * not valid, before anything is done.
   */
  play(scenario: unknown): ScenarioRun {
    return this.#player.play(parseScenario(scenario))
  }

  /** The latest scenarios and what became of their steps, oldest first. */
  get scenarios(): readonly ScenarioRun[] {
    return this.#player.runs
  }

  /** Takes back what is left of a scenario; throws for an id that never was. */
  stopScenario(id: number): ScenarioRun {
    const run = this.#player.stop(id)
    if (!run) throw new RangeError(`There is no scenario ${id}`)
    return run
  }

  /** Takes back every fault, those of scenarios included. */
  clearFaults(): void {
    this.#player.stopAll()
    this.#simulation.faults.clear()
  }

  get faults(): FaultPlan {
    return this.#simulation.faults
  }

  get knobs(): Knobs {
    return this.#simulation.knobs()
  }

  /** Turns knobs while the simulator runs. */
  setKnobs(choices: KnobChoices): void {
    this.#setKnobs(choices)
  }

  /** The latest Apple-facing calls, oldest first; free of secrets. */
  get requests(): readonly RequestEntry[] {
    return this.#simulation.log.entries
  }

  /** Calls since the start, or since `forgetRequests`. */
  countRequests(filter: RequestFilter = {}): number {
    return this.#simulation.log.count(filter)
  }

  /** The most calls that were under way at the same moment. */
  get peakParallelRequests(): number {
    return this.#simulation.log.peakLanes()
  }

  forgetRequests(): void {
    this.#simulation.log.clear()
  }

  /** What became of the latest notifications. */
  get notifications(): readonly NotificationRecord[] {
    return this.#simulation.notifications.records
  }

  addLocation({
    uId,
    name,
    organizationName,
    country = 'NL',
    platform,
    websiteURL,
  }: NewLocation): LocationControl {
    const { random, locations, changed } = this.#simulation
    const identity: LocationIdentity = {
      uId: uId ?? `20490${String(random.below(100_000_000_000)).padStart(11, '0')}`,
      name,
      organizationName,
      country,
      platform: platform ?? 'enterprisestore',
      websiteURL: websiteURL ?? websiteOf(platform),
    }
    if (locations.has(identity.uId)) throw new Error(`There is a location ${identity.uId} already`)
    const location = new Location(identity, random)
    locations.set(location.uId, location)
    changed()
    return this.#control(location)
  }

  /** Every location, in the order in which they were made. */
  get locations(): readonly LocationControl[] {
    return [...this.#simulation.locations.values()].map((location) => this.#control(location))
  }

  location(uId: string): LocationControl {
    const location = this.#simulation.locations.get(uId)
    if (!location) {
      const known = [...this.#simulation.locations.keys()].join(', ')
      throw new RangeError(`There is no location ${uId}; known are ${known}`)
    }
    return this.#control(location)
  }

  /** Enters a title into the store, or changes it. */
  addTitle(title: Title): void {
    this.#simulation.catalog.add(title)
    this.#simulation.changed()
  }

  /** The title leaves the store in these countries, or everywhere; who owns it keeps it. */
  delist(adamId: string, countries?: readonly string[]): void {
    this.addTitle({ ...this.#title(adamId), delistedIn: countries ?? 'everywhere' })
  }

  /** The title is in the store again. */
  relist(adamId: string): void {
    this.addTitle({ ...this.#title(adamId), delistedIn: [] })
  }

  /** What a license costs in a country, in its currency; 0 is free. */
  setPrice(adamId: string, country: string, price: number): void {
    const title = this.#title(adamId)
    this.addTitle({ ...title, prices: { ...title.prices, [country]: price } })
  }

  /** Enters the public half of a developer's key for the metadata API. */
  addDeveloperKey(key: DeveloperKey): void {
    const { developerKeys, changed } = this.#simulation
    developerKeys.set(key.keyId, checkedDeveloperKey(key))
    changed()
  }

  /** Makes a key for the metadata API; the private half is handed out here and kept nowhere. */
  makeDeveloperKey(teamId: string): NewDeveloperKey {
    const { kept, handedOut } = newDeveloperKey(this.#simulation.random, teamId)
    this.addDeveloperKey(kept)
    return handedOut
  }

  get titles(): readonly Title[] {
    return this.#simulation.catalog.titles
  }

  /** What the store tells a device that shall install a title; for simulated devices. */
  canInstall(device: InstallingDevice, adamId: string): InstallAnswer {
    return canInstall(this.#simulation, device, adamId)
  }

  /** The hashes by which the locations know an Apple Account that joined them, as `GET /users` shows them. */
  idHashesOf(appleAccount: string): readonly string[] {
    return [...this.#simulation.locations.values()].flatMap(
      ({ rowByAccount }) => rowByAccount.get(appleAccount)?.idHash ?? [],
    )
  }

  /** A title of the store. */
  title(adamId: string): Title | undefined {
    return this.#simulation.catalog.find(adamId)
  }

  /** How much is still to happen by itself, and when the next of it, on the simulated clock. */
  get planned(): { readonly count: number; readonly nextAt: number | undefined } {
    const { size, nextAt } = this.#simulation.timeline
    return { count: size, nextAt }
  }

  /** Writes at once what changed, where a state folder is kept. */
  save(): void {
    this.#simulation.save()
  }

  /** Devices, people and groups of the organization that was entered last; Apple itself knows none of it. */
  get directory(): Directory | undefined {
    return this.#directory
  }

  /** Remembers where the directory of an organization comes from. */
  knowDirectory(directory: Directory): void {
    this.#directory = directory
  }

  /** Does everything that is due at the clock's present time, deliveries included; the clock stays where it is. */
  async drain(): Promise<void> {
    const { timeline, notifications, clock } = this.#simulation
    do {
      timeline.runDue()
      await notifications.settled()
    } while ((timeline.nextAt ?? Number.POSITIVE_INFINITY) <= clock.now())
  }

  /**
   * Lets everything that is planned happen, retries included. A manual clock is moved on as needed; with a real one
   * the time passes, unless `jump` moves that one too.
   */
  async settle({ jump = false }: { readonly jump?: boolean } = {}): Promise<void> {
    const { timeline, clock } = this.#simulation
    await this.drain()
    for (let next = timeline.nextAt; next !== undefined; next = timeline.nextAt) {
      const wait = Math.max(0, next - clock.now())
      if (jump || clock.kind === 'manual') clock.advance(wait)
      else await new Promise((resolve) => setTimeout(resolve, Math.min(wait, 50)))
      await this.drain()
    }
  }

  #title(adamId: string): Title {
    const title = this.#simulation.catalog.find(adamId)
    if (!title) throw new RangeError(`The store has no title ${adamId}`)
    return title
  }

  #control(location: Location): LocationControl {
    const known = this.#controls.get(location.uId)
    if (known) return known
    const control = new LocationControl(this.#simulation, location)
    this.#controls.set(location.uId, control)
    return control
  }
}

function websiteOf(platform: NewLocation['platform']): string {
  return platform === 'volumestore' ? 'https://school.apple.com' : 'https://business.apple.com'
}
