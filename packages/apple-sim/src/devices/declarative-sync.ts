/** Declarative management between a device and its server: fetches what changed, follows it, and reports how it stands. */
import { type DeclarationKind, declarationKinds } from '@apportion/apple-wire/declarative'
import { type GivenDeclaration, type JudgedDeclaration, judge } from './declarations.ts'
import type { DeviceState } from './device-state.ts'
import { isObject, type JsonObject, objectIn, readJson, textIn } from './json.ts'
import { sendMessage } from './mdm-channel.ts'
import { StatusReporter } from './status-report.ts'

const RETRY_MS = 60_000
const FULL_REPORT_MS = 24 * 3_600_000

/** The conversation broke; it is tried again. */
class SyncFailed extends Error {
  override readonly name = 'SyncFailed'
}

interface Listed {
  readonly kind: DeclarationKind
  readonly identifier: string
  readonly serverToken: string
}

export class DeclarativeSync {
  readonly #device: DeviceState
  readonly #track: (work: Promise<unknown>) => void
  readonly #reporter = new StatusReporter()
  /** By kind and identifier. */
  readonly #held = new Map<string, GivenDeclaration>()
  /** The addresses asked for, in order. */
  readonly asked: string[] = []
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
    const { identity, isUserEnrollment } = this.#device
    return judge([...this.#held.values()], { osVersion: identity.osVersion, isUserEnrollment })
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
      if (token === this.#token) return
      await this.#fetchChanged()
    } catch (error) {
      this.#wantsSync = true
      throw error
    }
    this.#device.declaredApps.follow(this.#device, this.declarations)
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

const keyOf = ({ kind, identifier }: Pick<Listed, 'kind' | 'identifier'>): string => `${kind}/${identifier}`

const PLURALS: Readonly<Record<DeclarationKind, string>> = {
  activation: 'Activations',
  configuration: 'Configurations',
  asset: 'Assets',
  management: 'Management',
}

/** All four lists have to be there. */
function listedIn(declarations: JsonObject): readonly Listed[] {
  return declarationKinds.flatMap((kind) => {
    const list = declarations[PLURALS[kind]]
    if (!Array.isArray(list)) throw new SyncFailed(`${PLURALS[kind]} is missing`)
    return list.map((item: unknown) => {
      const identifier = isObject(item) ? textIn(item, 'Identifier') : undefined
      const serverToken = isObject(item) ? textIn(item, 'ServerToken') : undefined
      if (identifier === undefined || serverToken === undefined || isTooLong(identifier, serverToken)) {
        throw new SyncFailed(`An item of ${PLURALS[kind]} is not as it has to be`)
      }
      return { kind, identifier, serverToken }
    })
  })
}

const isTooLong = (...texts: readonly string[]): boolean => texts.some((text) => Buffer.byteLength(text) > 64)

/** What was fetched has to be what was listed. */
function declarationOf({ kind, identifier }: Listed, given: JsonObject): GivenDeclaration {
  const [type, serverToken] = [textIn(given, 'Type'), textIn(given, 'ServerToken')]
  const payload = objectIn(given, 'Payload')
  const isIt = textIn(given, 'Identifier') === identifier
  if (!isIt || type === undefined || serverToken === undefined || payload === undefined) {
    throw new SyncFailed(`The declaration ${identifier} is not as it has to be`)
  }
  return { kind, type, identifier, serverToken, payload }
}
