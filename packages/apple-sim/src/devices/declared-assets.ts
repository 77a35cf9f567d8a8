/** The files of the assets that a device holds: fetched once for each token, and checked against what the asset says. */
import { createHash } from 'node:crypto'
import { type PlistDict, readPlistDict } from '@apportion/apple-wire/plist'
import type { DeclarationReason, GivenDeclaration } from './declaration-payloads.ts'
import type { JudgedDeclaration } from './declarations.ts'
import { type DeviceReply, Unreachable } from './device-http.ts'
import type { DeviceState } from './device-state.ts'
import { objectIn, textIn } from './json.ts'
import { fetchFile } from './mdm-channel.ts'

interface Fetched {
  readonly serverToken: string
  /** The property list in the file. */
  readonly content?: PlistDict
  readonly problem?: DeclarationReason
  /** The server may have it later: it is asked again. */
  readonly passing?: boolean
}

/** The types that a property list may have. */
const PLIST_TYPES = new Set(['application/plist', 'application/x-plist', 'application/xml', 'text/xml'])
/** Apple's limit. */
const MOST_BYTES = 1_000_000

export class DeclaredAssets {
  readonly #fetched = new Map<string, Fetched>()
  readonly #asks: (address: string) => void

  /** `asks` is told each address before it is asked for. */
  constructor(asks: (address: string) => void) {
    this.#asks = asks
  }

  /** Fetches what is new or changed and forgets what is gone. True when something is worth asking for again. */
  async follow(device: DeviceState, declarations: readonly JudgedDeclaration[]): Promise<boolean> {
    const wanted = new Map(
      declarations
        .filter(({ kind, active }) => kind === 'asset' && active)
        .map((each) => [each.identifier, each]),
    )
    for (const identifier of this.#fetched.keys()) {
      if (!wanted.has(identifier)) this.#fetched.delete(identifier)
    }
    for (const [identifier, asset] of wanted) {
      const known = this.#fetched.get(identifier)
      if (known?.serverToken === asset.serverToken && known.passing !== true) continue
      this.#fetched.set(identifier, { serverToken: asset.serverToken, ...(await this.#fetch(device, asset)) })
    }
    return [...this.#fetched.values()].some(({ passing }) => passing === true)
  }

  /** What is in the file of an asset. */
  contentOf(identifier: string): PlistDict | undefined {
    return this.#fetched.get(identifier)?.content
  }

  problemOf(identifier: string): DeclarationReason | undefined {
    return this.#fetched.get(identifier)?.problem
  }

  clear(): void {
    this.#fetched.clear()
  }

  async #fetch(device: DeviceState, { payload }: GivenDeclaration): Promise<Omit<Fetched, 'serverToken'>> {
    const { enrollment } = device
    const reference = objectIn(payload, 'Reference') ?? {}
    const address = textIn(reference, 'DataURL')
    if (enrollment === undefined || address === undefined) return failed('Downloaded', 'Nobody to ask')
    this.#asks(address)
    const proves = objectIn(payload, 'Authentication')?.Type !== 'None'
    try {
      const reply = await fetchFile(device, enrollment, { address, proves })
      if (reply.status === 200) return checked(reply, reference)
      const why = failed('Downloaded', `${address} answers ${reply.status}`)
      return reply.status >= 500 || reply.status === 429 ? { ...why, passing: true } : why
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      return { ...failed('Downloaded', error.message), passing: true }
    }
  }
}

const failed = (what: string, description: string): Omit<Fetched, 'serverToken'> => ({
  problem: { code: `Error.AssetCannotBe${what}`, description },
})

function checked(
  { body, headers }: DeviceReply,
  reference: Readonly<Record<string, unknown>>,
): Omit<Fetched, 'serverToken'> {
  const { Size: size, ContentType: expected } = reference
  const hash = textIn(reference, 'Hash-SHA-256')
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim() ?? ''
  if (size !== undefined && size !== body.length) {
    return failed('Verified', `It has ${body.length} bytes`)
  }
  if (hash !== undefined && size !== 0 && hash.toLowerCase() !== sha256(body)) {
    return failed('Verified', 'It has another hash')
  }
  if (expected !== undefined && expected !== mediaType) return failed('Verified', `It is ${mediaType}`)
  if (!PLIST_TYPES.has(mediaType) || body.length > MOST_BYTES) {
    return failed('Deserialized', 'It is no property list, or too large')
  }
  try {
    return { content: readPlistDict(body) }
  } catch {
    return failed('Deserialized', 'It is no property list')
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
