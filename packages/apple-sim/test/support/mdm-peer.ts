/** A management server for tests of devices: strict about everything that a device sends, and with faults on demand. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { readCheckIn } from '@apportion/apple-wire/mdm-check-in'
import { readReport } from '@apportion/apple-wire/mdm-report'
import { type PlistDict, type PlistValue, readPlistDict, writePlist } from '@apportion/apple-wire/plist'
import { textField } from '@apportion/apple-wire/plist-fields'
import { DeclarationPeer } from './declaration-peer.ts'
import {
  certificateDer,
  checkSigned,
  newIdentity,
  type PeerIdentity,
  signAttached,
} from './mdm-peer-crypto.ts'
import { openScepRequest, type ScepAnswerWish, type ScepRequest } from './scep-peer.ts'

export interface PeerAnswer {
  readonly status: number
  readonly type?: string
  readonly body?: string | Buffer
  readonly location?: string
}

/** Made once: keys take time. */
const authority = newIdentity('Peer device authority')
const stranger = newIdentity('Somebody else')
const profileSigner = newIdentity('Peer profiles', authority)

export const TOPIC = 'com.apple.mgmt.External.5f2d1c00-1111-4222-8333-aabbccddee01'

export class MdmPeer implements AsyncDisposable {
  readonly authority: PeerIdentity = authority
  readonly stranger: PeerIdentity = stranger
  readonly profileSigner: PeerIdentity = profileSigner
  /** What was not as it should be. */
  readonly complaints: string[] = []
  readonly checkIns: PlistDict[] = []
  readonly reports: PlistDict[] = []
  /** Serial numbers of the certificates that signed, by message. */
  readonly signers: string[] = []
  readonly digests: string[] = []
  readonly scepRequests: ScepRequest[] = []
  /** Sent instead of the next answers, by path. */
  readonly instead: {
    readonly path: string
    readonly answer: PeerAnswer
    readonly when?: (message: PlistDict) => boolean
  }[] = []
  readonly scepAnswers: ScepAnswerWish[] = []
  readonly declarations = new DeclarationPeer()
  scepCapabilities = 'POSTPKIOperation\nSHA-256\nAES\nSCEPStandard\n'
  /** Asked for instead of a signature. */
  certificateHeader: string | undefined
  readonly shown: string[] = []
  readonly #queue: PlistDict[] = []
  readonly #server = createServer((request, response) => {
    this.#receive(request, response).catch((error: unknown) => {
      this.complaints.push(String(error))
      response.writeHead(400).end()
    })
  })
  #challenges = 0
  #commands = 0

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get origin(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The peer does not listen')
    return `http://127.0.0.1:${address.port}`
  }

  /** Commands in their order; the one that is not answered is sent again. Gives its `CommandUUID`. */
  queue(command: PlistDict, id = `command-${++this.#commands}`): string {
    this.#queue.push({ CommandUUID: id, Command: command })
    return id
  }

  /** The answers to a command. */
  answersTo(id: string): readonly PlistDict[] {
    return this.reports.filter((report) => textField(report, 'CommandUUID') === id)
  }

  /** An enrollment profile with a new challenge; `mdm`, `scep` and `more` change what stands in it. */
  profile({ mdm = {}, scep = {}, top = {}, more = [] }: ProfileWish = {}): string {
    const identity = 'B2A7F0C4-0001-4B6E-9C0D-1E2F3A4B5C01'
    const payload = (type: string, uuid: string, rest: PlistDict): PlistDict => ({
      PayloadType: type,
      PayloadVersion: 1,
      PayloadIdentifier: `example.peer.${uuid.slice(9, 13)}`,
      PayloadUUID: uuid,
      ...rest,
    })
    const root = payload('com.apple.security.root', 'B2A7F0C4-0003-4B6E-9C0D-1E2F3A4B5C03', {
      PayloadContent: new Uint8Array(certificateDer(authority)),
    })
    const scepPayload = payload('com.apple.security.scep', identity, {
      PayloadContent: {
        URL: `${this.origin}/scep`,
        Name: 'peer',
        Subject: [[['O', 'Peer']], [['CN', '%SerialNumber%']]],
        Challenge: `challenge-${++this.#challenges}`,
        Keysize: 2048,
        'Key Type': 'RSA',
        'Key Usage': 5,
        ...scep,
      },
    })
    const mdmPayload = payload('com.apple.mdm', 'B2A7F0C4-0002-4B6E-9C0D-1E2F3A4B5C02', {
      IdentityCertificateUUID: identity,
      Topic: TOPIC,
      ServerURL: `${this.origin}/mdm`,
      CheckInURL: `${this.origin}/checkin`,
      SignMessage: true,
      AccessRights: 6419,
      CheckOutWhenRemoved: true,
      ...mdm,
    })
    const without = (dict: PlistDict): PlistDict =>
      Object.fromEntries(Object.entries(dict).filter(([, value]) => value !== ABSENT))
    return writePlist({
      PayloadType: 'Configuration',
      PayloadVersion: 1,
      PayloadIdentifier: 'example.peer.enrollment',
      PayloadUUID: 'B2A7F0C4-0000-4B6E-9C0D-1E2F3A4B5C00',
      PayloadDisplayName: 'Peer',
      PayloadContent: [root, scepPayload, without(mdmPayload), ...more],
      ...top,
    })
  }

  /** The same as CMS. */
  signed(profile: string, by: PeerIdentity = profileSigner): Buffer {
    return signAttached(Buffer.from(profile).toString('latin1'), by)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', this.origin)
    const answer = this.#answer(request, url, body)
    const headers = {
      'content-type': answer.type ?? 'application/octet-stream',
      ...(answer.location === undefined ? {} : { location: answer.location }),
    }
    response.writeHead(answer.status, headers).end(answer.body)
  }

  #answer(request: IncomingMessage, url: URL, body: Buffer): PeerAnswer {
    if (url.pathname === '/profile') {
      return { status: 200, type: 'application/x-apple-aspen-config', body: this.profile() }
    }
    const file = this.declarations.fileFor(request, body)
    if (file?.needsProof) this.#checkProof(request, body)
    if (file !== undefined) return file
    if (url.pathname === '/scep') return this.#scep(request, url, body)
    return this.#message(request, url.pathname, body)
  }

  #scep(request: IncomingMessage, { searchParams }: URL, body: Buffer): PeerAnswer {
    const operation = searchParams.get('operation')
    if (operation === 'GetCACaps') return { status: 200, type: 'text/plain', body: this.scepCapabilities }
    if (operation === 'GetCACert') {
      return { status: 200, type: 'application/x-x509-ca-cert', body: certificateDer(authority) }
    }
    const message =
      request.method === 'POST' ? body : Buffer.from(searchParams.get('message') ?? '', 'base64')
    const opened = openScepRequest(message, authority)
    this.scepRequests.push(opened)
    const reply = opened.answer(this.scepAnswers.shift() ?? { status: 'success' })
    return { status: 200, type: 'application/x-pki-message', body: reply }
  }

  #message(request: IncomingMessage, path: string, body: Buffer): PeerAnswer {
    const message = readPlistDict(body)
    const isCheckIn = path === '/checkin'
    this.#checkHeaders(request, isCheckIn, body)
    const planned = this.instead.find((one) => one.path === path && (one.when?.(message) ?? true))
    if (planned !== undefined) {
      this.instead.splice(this.instead.indexOf(planned), 1)
      return planned.answer
    }
    if (isCheckIn) {
      if (readCheckIn(message) === undefined) throw new Error('a check-in that cannot be read')
      this.checkIns.push(message)
      if (message.MessageType === 'DeclarativeManagement') return this.declarations.answer(message)
      return { status: 200 }
    }
    return this.#next(message)
  }

  #checkHeaders(request: IncomingMessage, isCheckIn: boolean, body: Buffer): void {
    if (request.method !== 'PUT') throw new Error(`${request.method ?? ''} instead of PUT`)
    const type = request.headers['content-type']
    const right = isCheckIn
      ? 'application/x-apple-aspen-mdm-checkin'
      : 'application/x-apple-aspen-mdm; charset=UTF-8'
    if (type !== right) throw new Error(`the media type ${type ?? 'none'}`)
    this.#checkProof(request, body)
  }

  #checkProof(request: IncomingMessage, body: Buffer): void {
    if (this.certificateHeader !== undefined) {
      this.shown.push(String(request.headers[this.certificateHeader]))
      return
    }
    const signature = request.headers['mdm-signature']
    if (typeof signature !== 'string') throw new Error('no signature')
    const { certificate, attributes, digest } = checkSigned(Buffer.from(signature, 'base64'), body)
    if (!authority.certificate.verify(certificate)) throw new Error('a certificate of somebody else')
    if (!attributes.has('1.2.840.113549.1.9.5')) throw new Error('no signing time')
    this.signers.push(certificate.serialNumber)
    this.digests.push(digest)
  }

  #next(message: PlistDict): PeerAnswer {
    const report = readReport(message)
    if (report === undefined) throw new Error('a report that cannot be read')
    this.reports.push(message)
    const at = this.#queue.findIndex(({ CommandUUID: id }) => id === report.commandId)
    const [answered] = at < 0 ? [] : this.#queue.splice(at, 1)
    if (report.status === 'NotNow' && answered !== undefined) {
      // Waits for the next session.
      this.#putOff.push(answered)
    } else if (report.status === 'Idle') this.#queue.unshift(...this.#putOff.splice(0))
    const [next] = this.#queue
    return next === undefined
      ? { status: 200 }
      : { status: 200, type: 'application/xml; charset=UTF-8', body: writePlist(next) }
  }

  readonly #putOff: PlistDict[] = []
}

/** Takes a key out of the MDM payload. */
export const ABSENT = 'absent'

export interface ProfileWish {
  readonly mdm?: Readonly<Record<string, PlistValue>>
  readonly scep?: Readonly<Record<string, PlistValue>>
  readonly top?: PlistDict
  readonly more?: readonly PlistDict[]
}
