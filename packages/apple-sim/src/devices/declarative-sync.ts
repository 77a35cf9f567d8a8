/** Declarative management between a device and its server: fetches what changed, follows it, and reports how it stands. */
import { declarationOf, keyOf, listedIn, SyncFailed } from './declaration-list.ts'
import type { GivenDeclaration } from './declaration-payloads.ts'
import { type JudgedDeclaration, judge } from './declarations.ts'
import { DeclaredAssets } from './declared-assets.ts'
import type { DeviceState } from './device-state.ts'
import { type JsonObject, objectIn, readJson, textIn } from './json.ts'
import { sendMessage } from './mdm-channel.ts'
import { StatusReporter } from './status-report.ts'

const RETRY_MS = 60_000
const FULL_REPORT_MS = 24 * 3_600_000

export class DeclarativeSync {
  readonly #device: DeviceState
  readonly #track: (work: Promise<unknown>) => void
  readonly #reporter = new StatusReporter()
  /** By kind and identifier. */
  readonly #held = new Map<string, GivenDeclaration>()
  /** The addresses asked for, in order. */
  readonly asked: string[] = []
  readonly #assets = new DeclaredAssets((address) => this.asked.push(address))
  #token: string | undefined
  #isOn = false
  #isRunning = false
  #wantsSync = false
  #wantsReport = false
  #isFullDue = false
  /** Counts enrollments: what was planned in an earlier one does not happen. */
  #era = 0

  constructor(device: DeviceState, track: (work: Promise<unknown>) => void) {
    this.#device = device
    this.#track = track
  }

  get declarations(): readonly JudgedDeclaration[] {
    const { identity, isUserEnrollment, ports } = this.#device
    return judge([...this.#held.values()], {
      osVersion: identity.osVersion,
      isUserEnrollment,
      opens: (address) => ports.http.accepts(address),
      missingFile: (identifier) => this.#assets.problemOf(identifier),
    })
  }

  /** The command came: from now on the device synchronizes, until management ends. */
  synchronize(): void {
    if (!this.#isOn) this.#planFullReport()
    this.#isOn = true
    this.#wantsSync = true
    this.#soon()
  }

  /** Something of the apps changed. */
  changed(): void {
    if (!this.#isOn) return
    this.#wantsReport = true
    this.#soon()
  }

  /** Online again: what was left undone is done. */
  comeBack(): void {
    if (this.#wantsSync || this.#wantsReport) this.#soon()
  }

  clear(): void {
    this.#era += 1
    this.#held.clear()
    this.#reporter.clear()
    this.#assets.clear()
    this.#device.declaredApps.clear()
    this.#token = undefined
    this.#isOn = false
    this.#wantsSync = false
    this.#wantsReport = false
    this.#isFullDue = false
  }

  #planFullReport(): void {
    this.#later(FULL_REPORT_MS, () => {
      this.#isFullDue = true
      this.changed()
      this.#planFullReport()
    })
  }

  #later(ms: number, run: () => void): void {
    const { clock, timeline } = this.#device.ports
    const era = this.#era
    timeline.at(clock.now() + ms, () => {
      if (era === this.#era) run()
    })
  }

  #soon(): void {
    this.#later(0, () => {
      if (this.#isRunning || !this.#isOn) return
      this.#isRunning = true
      this.#track(this.#run())
    })
  }

  async #run(): Promise<void> {
    try {
      while (this.#wantsSync || this.#wantsReport) {
        const { enrollment, conditions } = this.#device
        if (enrollment === undefined || !conditions.online) return
        if (this.#wantsSync) await this.#fetch()
        this.#wantsReport = false
        await this.#report()
      }
    } catch (error) {
      if (!(error instanceof SyncFailed)) throw error
      this.#wantsReport = true
      this.#later(RETRY_MS, () => this.#soon())
    } finally {
      this.#isRunning = false
    }
  }

  async #fetch(): Promise<void> {
    this.#wantsSync = false
    try {
      const tokens = objectIn((await this.#get('tokens')) ?? {}, 'SyncTokens') ?? {}
      const token = textIn(tokens, 'DeclarationsToken')
      const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(textIn(tokens, 'Timestamp') ?? '')
      if (token === undefined || Buffer.byteLength(token) > 256 || !isMoment) {
        throw new SyncFailed('The tokens are not as they have to be')
      }
      if (token !== this.#token) await this.#fetchChanged()
    } catch (error) {
      this.#wantsSync = true
      throw error
    }
    await this.#followDeclarations()
  }

  /** What is declared holds from now on, as far as the files of assets are there; one that is not is asked for again. */
  async #followDeclarations(): Promise<void> {
    const isIncomplete = await this.#assets.follow(this.#device, this.declarations)
    this.#device.declaredApps.follow(this.#device, this.declarations, (asset) =>
      this.#assets.contentOf(asset),
    )
    if (!isIncomplete) return
    this.#later(RETRY_MS, () => {
      this.#wantsSync = true
      this.#soon()
    })
  }

  async #fetchChanged(): Promise<void> {
    const items = (await this.#get('declaration-items')) ?? {}
    const token = textIn(items, 'DeclarationsToken')
    if (token === undefined) throw new SyncFailed('The items name no token')
    const listed = listedIn(objectIn(items, 'Declarations') ?? {})
    const keys = new Set(listed.map(keyOf))
    for (const key of this.#held.keys()) if (!keys.has(key)) this.#held.delete(key)
    for (const each of listed) {
      if (this.#held.get(keyOf(each))?.serverToken === each.serverToken) continue
      const given = await this.#get(`declaration/${each.kind}/${each.identifier}`)
      // The server has it no more.
      if (given === undefined) this.#held.delete(keyOf(each))
      else this.#held.set(keyOf(each), declarationOf(each, given))
    }
    this.#token = token
  }

  async #report(): Promise<void> {
    const planned = this.#reporter.next(this.#device, this.declarations, this.#isFullDue)
    if (planned === undefined) return
    await this.#ask('status', Buffer.from(JSON.stringify(planned.report)))
    planned.taken()
    this.#isFullDue = false
  }

  /** Undefined for what the server does not have (404). */
  async #get(endpoint: string): Promise<JsonObject | undefined> {
    const body = await this.#ask(endpoint)
    if (body === undefined) return undefined
    const value = readJson(body)
    if (value === undefined) throw new SyncFailed(`${endpoint} is no JSON`)
    return value
  }

  async #ask(endpoint: string, data?: Buffer): Promise<Buffer | undefined> {
    const { enrollment } = this.#device
    if (enrollment === undefined) throw new SyncFailed('Not enrolled any more')
    this.asked.push(endpoint)
    const message = {
      MessageType: 'DeclarativeManagement',
      Endpoint: endpoint,
      ...(data === undefined ? {} : { Data: new Uint8Array(data) }),
    }
    const outcome = await sendMessage(this.#device, enrollment, { kind: 'check-in', message })
    if (outcome.kind === 'taken') return outcome.body
    const isGone = outcome.kind === 'failed' && outcome.status === 404
    if (isGone && endpoint.startsWith('declaration/')) return undefined
    throw new SyncFailed(`${endpoint} was not answered`)
  }
}
