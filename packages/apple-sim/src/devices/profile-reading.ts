/** Reads configuration profiles, unsigned or signed, as a device does before it installs anything. */
import { PAYLOAD_TYPES } from '@apportion/apple-wire/mdm-profile'
import { type PlistDict, readPlistDict } from '@apportion/apple-wire/plist'
import { booleanField, dictsField, numberField, textField } from '@apportion/apple-wire/plist-fields'
import { looksSigned, readSignedMessage } from './signed-message.ts'

/** Why a device does not install a profile: Apple's domain and number. */
export class ProfileRefused extends Error {
  override readonly name = 'ProfileRefused'
  readonly domain: string
  readonly number: number

  constructor(number: number, message: string, domain = 'MCMDMErrorDomain') {
    super(message)
    this.number = number
    this.domain = domain
  }
}

/** A profile of any content. */
export interface Profile {
  readonly identifier: string
  readonly uuid: string
  readonly displayName: string
  readonly organization: string | undefined
  readonly payloads: readonly PlistDict[]
  readonly removalDisallowed: boolean
  /** Issuer and subject of who signed it, hexadecimal; `undefined` when nobody did. */
  readonly signer: string | undefined
}

/** Throws `ProfileRefused` for what is no profile, or one whose signature is wrong. */
export function readProfile(bytes: Uint8Array): Profile {
  const { content, signer } = unwrapped(bytes)
  const dict = dictOf(content)
  const identifier = textField(dict, 'PayloadIdentifier')
  const uuid = textField(dict, 'PayloadUUID')
  const isProfile =
    textField(dict, 'PayloadType') === 'Configuration' && numberField(dict, 'PayloadVersion') === 1
  if (!isProfile || !identifier || !uuid) throw invalid('The profile lacks one of its required keys')
  const payloads = dictsField(dict, 'PayloadContent')
  expectWholePayloads(payloads)
  return {
    identifier,
    uuid,
    displayName: textField(dict, 'PayloadDisplayName') ?? identifier,
    organization: textField(dict, 'PayloadOrganization'),
    payloads,
    removalDisallowed: booleanField(dict, 'PayloadRemovalDisallowed') ?? false,
    signer,
  }
}

function unwrapped(bytes: Uint8Array): { readonly content: Uint8Array; readonly signer: string | undefined } {
  if (!looksSigned(bytes)) return { content: bytes, signer: undefined }
  try {
    const { content, signer } = readSignedMessage(bytes)
    return { content, signer: Buffer.concat([signer.issuer, signer.subject]).toString('hex') }
  } catch (error) {
    throw invalid(`The signature of the profile is wrong: ${error instanceof Error ? error.message : ''}`)
  }
}

function dictOf(content: Uint8Array): PlistDict {
  try {
    return readPlistDict(content)
  } catch {
    throw invalid('The profile is no property list')
  }
}

function expectWholePayloads(payloads: readonly PlistDict[]): void {
  const uuids = new Set<string>()
  for (const payload of payloads) {
    const type = textField(payload, 'PayloadType')
    const uuid = textField(payload, 'PayloadUUID')
    const isWhole = numberField(payload, 'PayloadVersion') === 1 && textField(payload, 'PayloadIdentifier')
    if (!type || !uuid || !isWhole) throw invalid(`A payload of type ${type ?? 'none'} lacks a required key`)
    if (uuids.has(uuid)) throw invalid('Two payloads have the same PayloadUUID')
    uuids.add(uuid)
  }
}

const NAMES = [
  'PayloadType',
  'PayloadIdentifier',
  'PayloadUUID',
  'PayloadVersion',
  'PayloadDisplayName',
] as const

/** A payload by its names alone: what it holds may be secret, and takes memory. */
export function payloadNames(payload: PlistDict): PlistDict {
  return Object.fromEntries(
    NAMES.flatMap((key) => {
      const value = payload[key]
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

/** The payloads of a type. */
export const payloadsOf = ({ payloads }: Profile, type: string): readonly PlistDict[] =>
  payloads.filter((payload) => textField(payload, 'PayloadType') === type)

/** Whether a profile puts the device under management. */
export const isEnrollment = (profile: Profile): boolean => payloadsOf(profile, PAYLOAD_TYPES.mdm).length > 0

/** `MCInstallationErrorDomain` 4001. */
export const invalid = (message: string): ProfileRefused =>
  new ProfileRefused(4001, message, 'MCInstallationErrorDomain')
