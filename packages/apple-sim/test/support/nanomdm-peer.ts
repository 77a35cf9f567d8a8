/**
 * A NanoMDM server for tests, written from what was observed of the real one: its API with its odd statuses, its queue, and a
 * webhook that loses, repeats and reorders on demand. Devices talk to it over HTTP; `say` is what comes after the signature.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { enrollmentIdentifier, readCheckIn } from '@apportion/apple-wire/mdm-check-in'
import { CHECK_IN_MEDIA_TYPE } from '@apportion/apple-wire/mdm-profile'
import { readReport } from '@apportion/apple-wire/mdm-report'
import { PlistError, readPlistDict } from '@apportion/apple-wire/plist'
import { dictField, textField } from '@apportion/apple-wire/plist-fields'
import { checkSigned, type PeerIdentity } from './mdm-peer-crypto.ts'
import { EventPoster } from './nanomdm-events.ts'

export interface NanoMdmPeerOptions {
  readonly apiKey: string
  readonly webhookKey: string
  /** Issues the certificates of devices. */
  readonly authority: PeerIdentity
  readonly now: () => number
  /** A push for the device with this UDID. */
  readonly wake: (identifier: string) => void
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: string
}

interface QueuedCommand {
  readonly id: string
  readonly payload: string
  isPutOff: boolean
}

interface Enrolled {
  isEnabled: boolean
  tokenUpdates: number
  queue: QueuedCommand[]
}

export class NanoMdmPeer extends EventPoster implements AsyncDisposable {
  /** Without one every push fails, and with it the answer to a command whose push was not turned off. */
  hasPushCertificate = true
  /** So many of the next API requests are carried out, and their answer is lost. */
  answersToLose = 0
  /** Commands that it does not take. */
  readonly refusing = new Set<string>()
  /** Everything that was asked of the API, with the status of the answer. */
  readonly asked: string[] = []
  /** Called once something was asked. */
  onAsked: () => void = () => {}
  readonly #options: NanoMdmPeerOptions
  readonly #enrolled = new Map<string, Enrolled>()
  readonly #pinned = new Map<string, string>()
  readonly #known = new Set<string>()
  readonly #server = createServer((request, response) => {
    this.#receive(request, response).catch(() => response.writeHead(500).end())
  })

  constructor(options: NanoMdmPeerOptions) {
    super(options)
    this.#options = options
  }

  async listen(port = 0): Promise<void> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get origin(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('NanoMDM does not listen')
    return `http://127.0.0.1:${address.port}`
  }

  /** What waits for a device, in order. */
  queueOf(identifier: string): readonly string[] {
    return this.#enrolled.get(identifier)?.queue.map(({ id }) => id) ?? []
  }

  /** Takes a message whose sender is proven, and gives what the device hears. */
  say(body: Buffer, isCheckIn: boolean): Answer {
    const dict = readPlistDict(body)
    const sender = enrollmentIdentifier(dict)
    if (sender === undefined) return { status: 400 }
    const ids = {
      id: sender.identifier,
      type: sender.kind === 'user' ? 'User Enrollment (Device)' : 'Device',
    }
    if (isCheckIn) return this.#checkIn(ids, body)
    const report = readReport(dict)
    if (report === undefined) return { status: 400 }
    const { status, commandId } = report
    this.tell('mdm.Connect', {
      acknowledge_event: {
        ids,
        udid: textField(dict, 'UDID'),
        status,
        ...(commandId === undefined ? {} : { command_uuid: commandId }),
        raw_payload: body.toString('base64'),
      },
    })
    const enrolled = this.#enrolled.get(ids.id)
    if (enrolled === undefined) return { status: 500 }
    return this.#next(enrolled, status, commandId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.posted()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #checkIn(ids: { readonly id: string; readonly type: string }, body: Buffer): Answer {
    const dict = readPlistDict(body)
    const message = readCheckIn(dict)
    if (message === undefined || message.type === 'unknown') return { status: 400 }
    const before = this.#enrolled.get(ids.id) ?? { isEnabled: false, tokenUpdates: 0, queue: [] }
    this.#enrolled.set(ids.id, before)
    if (message.type === 'Authenticate')
      Object.assign(before, { isEnabled: false, tokenUpdates: 0, queue: [] })
    if (message.type === 'TokenUpdate') {
      before.isEnabled = true
      before.tokenUpdates += 1
    }
    if (message.type === 'CheckOut') before.isEnabled = false
    const tally = message.type === 'TokenUpdate' ? { token_update_tally: before.tokenUpdates } : {}
    const udid = textField(dict, 'UDID')
    this.tell(`mdm.${message.type}`, {
      checkin_event: { ids, udid, raw_payload: body.toString('base64'), ...tally },
    })
    return { status: 200 }
  }

  #next(enrolled: Enrolled, status: string, commandId: string | undefined): Answer {
    const answered = enrolled.queue.find(({ id }) => id === commandId)
    if (status === 'Idle') for (const command of enrolled.queue) command.isPutOff = false
    else if (answered !== undefined && status === 'NotNow') answered.isPutOff = true
    else enrolled.queue = enrolled.queue.filter((command) => command !== answered)
    const next = enrolled.queue.find(({ isPutOff }) => !isPutOff)
    return next === undefined ? { status: 200 } : { status: 200, type: 'application/xml', body: next.payload }
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', this.origin)
    const isApi = url.pathname.startsWith('/v1/')
    const answer = isApi ? this.#api(request, url, body) : this.#device(request, body)
    if (isApi) {
      this.asked.push(`${request.method} ${url.pathname}${url.search} ${answer.status}`)
      this.onAsked()
      if (this.answersToLose > 0) {
        this.answersToLose -= 1
        response.destroy()
        return
      }
    }
    response.writeHead(answer.status, answer.type === undefined ? {} : { 'content-type': answer.type })
    response.end(answer.body)
  }

  #device(request: IncomingMessage, body: Buffer): Answer {
    if (request.method !== 'PUT') return { status: 405 }
    const signature = request.headers['mdm-signature']
    let signer: string
    try {
      if (typeof signature !== 'string') throw new Error('no signature')
      const { certificate } = checkSigned(Buffer.from(signature, 'base64'), body)
      if (!this.#options.authority.certificate.verify(certificate)) throw new Error('another authority')
      signer = certificate.serialNumber
    } catch {
      return { status: 400 }
    }
    const isCheckIn = request.headers['content-type'] === CHECK_IN_MEDIA_TYPE
    const { identifier = '' } = enrollmentIdentifier(readPlistDict(body)) ?? {}
    if (isCheckIn && !this.#pinned.has(signer)) this.#pinned.set(signer, identifier)
    return this.#pinned.get(signer) === identifier ? this.say(body, isCheckIn) : { status: 500 }
  }

  #api(request: IncomingMessage, { pathname, searchParams }: URL, body: Buffer): Answer {
    const wanted = `Basic ${Buffer.from(`nanomdm:${this.#options.apiKey}`).toString('base64')}`
    if (request.headers.authorization !== wanted) return { status: 401, body: 'Unauthorized' }
    const [, , action, list = ''] = pathname.split('/')
    const identifiers = list.split(',').map(decodeURIComponent)
    if (action === 'push') return this.#push(identifiers, {})
    if (action !== 'enqueue' || !['PUT', 'POST'].includes(request.method ?? '')) return { status: 404 }
    return this.#enqueue(identifiers, body, searchParams.get('nopush') === '1')
  }

  #enqueue(identifiers: readonly string[], body: Buffer, isQuiet: boolean): Answer {
    const command = commandIn(body)
    if (command === undefined) return { status: 500, body: 'bad plist' }
    const { id, requestType } = command
    const result = { command_uuid: id, request_type: requestType }
    if (this.#known.has(id)) {
      return json(500, { ...result, command_error: `command already exists: ${id}` })
    }
    if (this.refusing.has(id)) return json(500, { ...result, command_error: 'foreign key constraint' })
    this.#known.add(id)
    for (const identifier of identifiers) {
      // An id that nobody has is no error on its file storage.
      this.#enrolled.get(identifier)?.queue.push({ id, payload: body.toString(), isPutOff: false })
    }
    return isQuiet ? json(200, { ...result, no_push: true }) : this.#push(identifiers, result)
  }

  #push(identifiers: readonly string[], result: object): Answer {
    if (!this.hasPushCertificate) return json(500, { ...result, push_error: 'no push certificate' })
    const status: Record<string, object> = {}
    for (const identifier of identifiers) {
      const isThere = this.#enrolled.get(identifier)?.isEnabled === true
      status[identifier] = isThere ? { push_result: randomUUID() } : { push_error: 'no push info' }
      if (isThere) this.#options.wake(identifier)
    }
    const failed = Object.values(status).filter((one) => 'push_error' in one).length
    const code = failed === 0 ? 200 : failed === identifiers.length ? 500 : 207
    return json(code, { status, ...result })
  }
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
})

function commandIn(body: Buffer): { readonly id: string; readonly requestType: string } | undefined {
  try {
    const dict = readPlistDict(body)
    const id = textField(dict, 'CommandUUID')
    const requestType = textField(dictField(dict, 'Command') ?? {}, 'RequestType')
    return id === undefined || requestType === undefined ? undefined : { id, requestType }
  } catch (error) {
    if (error instanceof PlistError) return undefined
    throw error
  }
}
