/**
 * The profile that brings a device under management (Apple's MDM payload): our authority, how the device gets its
 * identity, and where it reports to. It asks for no right that managing apps and books does not take.
 */
import { createHash, type X509Certificate } from 'node:crypto'
import { CONFIGURATION, PAYLOAD_TYPES, RIGHTS_FOR_APPS } from '@apportion/apple-wire/mdm-profile'
import { type PlistDict, writePlist } from '@apportion/apple-wire/plist'

/** What a profile is to say. */
export interface ProfileTerms {
  /** The origin under which devices reach us. */
  readonly url: URL
  /** As it is shown to the person. */
  readonly organization: string
  readonly description: string
  /** The topic of the push certificate; a device never changes it. */
  readonly topic: string
  readonly authority: X509Certificate
  /** The secret that gets one certificate. */
  readonly challenge: string
  /** Whether messages are signed; false where a proxy passes client certificates on. */
  readonly signMessage: boolean
  /** A new UUID each time. */
  readonly newUuid: () => string
}

/** The identifier by which a device knows a later profile as the same; it follows from the host alone. */
export function profileIdentifier({ hostname }: URL): string {
  const labels = hostname.replaceAll(/[^\w.-]/g, '').split('.')
  return [...labels.toReversed(), 'apportion'].join('.')
}

/** The profile as an XML property list. */
export function enrollmentProfile(terms: ProfileTerms): string {
  const { organization, description, newUuid, url } = terms
  const identifier = profileIdentifier(url)
  const identity = newUuid()
  const payload = (name: string, type: string, uuid: string): PlistDict => ({
    PayloadType: type,
    PayloadVersion: 1,
    PayloadIdentifier: `${identifier}.${name}`,
    PayloadUUID: uuid,
  })
  return writePlist({
    PayloadType: CONFIGURATION,
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: newUuid(),
    PayloadDisplayName: organization,
    PayloadOrganization: organization,
    PayloadDescription: description,
    PayloadContent: [
      {
        ...payload('authority', PAYLOAD_TYPES.rootCertificate, newUuid()),
        PayloadDisplayName: `${organization}: device authority`,
        PayloadContent: terms.authority.raw,
      },
      { ...payload('identity', PAYLOAD_TYPES.scep, identity), PayloadContent: scepSettings(terms) },
      { ...payload('management', PAYLOAD_TYPES.mdm, newUuid()), ...managementSettings(terms, identity) },
    ],
  })
}

/** The subject is ours to choose when we issue, whatever the device asks for. */
function scepSettings({ url, authority, challenge, organization }: ProfileTerms): PlistDict {
  return {
    URL: new URL('/scep', url).href,
    Name: 'device-authority',
    Challenge: challenge,
    Keysize: 2048,
    'Key Type': 'RSA',
    // Signing and encryption.
    'Key Usage': 5,
    Subject: [[['O', organization]], [['CN', 'Device identity']]],
    CAFingerprint: createHash('sha1').update(authority.raw).digest(),
  }
}

function managementSettings({ url, topic, signMessage }: ProfileTerms, identity: string): PlistDict {
  return {
    IdentityCertificateUUID: identity,
    Topic: topic,
    ServerURL: new URL('/mdm', url).href,
    CheckInURL: new URL('/checkin', url).href,
    SignMessage: signMessage,
    AccessRights: RIGHTS_FOR_APPS,
    CheckOutWhenRemoved: true,
  }
}
