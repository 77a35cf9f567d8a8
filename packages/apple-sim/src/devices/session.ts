/** The command channel of one device: asks, carries out, answers, until there is nothing left. */
import { type PlistDict, PlistError, readPlistDict } from '@apportion/apple-wire/plist'
import { dictField, textField } from '@apportion/apple-wire/plist-fields'
import { type Answer, errorChain, formatError } from './command-answer.ts'
import { runCommand, type Track } from './commands.ts'
import type { DeviceState } from './device-state.ts'
import { sendMessage } from './mdm-channel.ts'

/** A command that the device received, and what it said. */
export interface HeardCommand {
  readonly id: string
  readonly requestType: string
  readonly status: Answer['status']
  /** Apple's numbers, outermost first. */
  readonly errors: readonly number[]
  /** Whether it was carried out before, so that only its answer was sent again. */
  readonly again: boolean
}

/** How a session ended. */
export type SessionEnd = 'done' | 'cut' | 'failed' | 'removed'

const MOST_ANSWERS = 50
const MOST_HEARD = 500

export class CommandSession {
  readonly #device: DeviceState
  readonly #track: Track
  /** Answers by command, so that one that comes again is not carried out again. */
  readonly #answers = new Map<string, GivenAnswer>()
  /** An answer that did not reach the server. */
  #undelivered: PlistDict | undefined
  #lastStatus = 'Idle'
  readonly heard: HeardCommand[] = []
  /** Of the next commands, how many the device receives and then loses, as by a cut connection. */
  losses = 0

  constructor(device: DeviceState, track: Track) {
    this.#device = device
    this.#track = track
  }

  /** Whether the device comes back by itself once it can do what it could not. */
  get waitsForItself(): boolean {
    return this.#lastStatus === 'NotNow'
  }

  /** Forgets everything, for the next enrollment. */
  clear(): void {
    this.#answers.clear()
    this.#undelivered = undefined
    this.#lastStatus = 'Idle'
  }

  async run(): Promise<SessionEnd> {
    let message: PlistDict = this.#undelivered ?? { Status: 'Idle' }
    for (;;) {
      const { enrollment, conditions } = this.#device
      if (enrollment === undefined || !conditions.online) return 'cut'
      const outcome = await sendMessage(this.#device, enrollment, { kind: 'report', message })
      if (outcome.kind === 'removed') return 'removed'
      if (outcome.kind === 'failed') {
        this.#undelivered = message.Status === 'Idle' ? undefined : message
        return 'failed'
      }
      this.#undelivered = undefined
      this.#lastStatus = textField(message, 'Status') ?? 'Idle'
      if (outcome.body.length === 0) return 'done'
      const command = readCommand(outcome.body)
      if (command === undefined) return 'cut'
      if (this.losses > 0) {
        this.losses -= 1
        return 'cut'
      }
      message = await this.#answer(command)
    }
  }

  async #answer({ id, command }: ReceivedCommand): Promise<PlistDict> {
    const requestType = (command && textField(command, 'RequestType')) ?? ''
    const known = this.#answers.get(id)
    if (known !== undefined) {
      this.#remember({ ...known.heard, again: true })
      return known.message
    }
    const answer =
      command === undefined
        ? formatError('Command is missing')
        : await runCommand(this.#device, command, this.#track)
    const { status, results = {}, chain = [] } = answer
    const heard = { id, requestType, status, errors: chain.map(({ number }) => number), again: false }
    this.#remember(heard)
    const message: PlistDict = {
      ...results,
      Status: status,
      CommandUUID: id,
      ...(chain.length === 0 ? {} : { ErrorChain: errorChain(chain) }),
    }
    // A device does not remember what it put off.
    if (status !== 'NotNow') this.#keep(id, { message, heard })
    return message
  }

  #keep(id: string, answer: GivenAnswer): void {
    this.#answers.set(id, answer)
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > MOST_ANSWERS && oldest !== undefined) this.#answers.delete(oldest)
  }

  #remember(heard: HeardCommand): void {
    this.heard.push(heard)
    if (this.heard.length > MOST_HEARD) this.heard.shift()
  }
}

interface GivenAnswer {
  readonly message: PlistDict
  readonly heard: HeardCommand
}

interface ReceivedCommand {
  readonly id: string
  /** Undefined when it is missing. */
  readonly command: PlistDict | undefined
}

/** Nothing for what has no `CommandUUID`: a device hangs up on it. */
function readCommand(body: Buffer): ReceivedCommand | undefined {
  try {
    const dict = readPlistDict(body)
    const id = textField(dict, 'CommandUUID')
    return id ? { id, command: dictField(dict, 'Command') } : undefined
  } catch (error) {
    if (error instanceof PlistError) return undefined
    throw error
  }
}
