/** DeviceInformation: what a device tells of itself. What it may not tell, and what it does not know, is left out. */
import { ACCESS_RIGHTS } from '@apportion/apple-wire/mdm-profile'
import type { PlistDict, PlistValue } from '@apportion/apple-wire/plist'
import { textsField } from '@apportion/apple-wire/plist-fields'
import { type Answer, acknowledged, formatError } from './command-answer.ts'
import { type DeviceIdentity, majorVersion } from './device-identity.ts'
import type { DeviceState } from './device-state.ts'

interface Query {
  /** Bits; 0 for what every enrollment may ask. */
  readonly right: number
  /** Whether a User Enrollment answers it. */
  readonly inUserEnrollment: boolean
  readonly tell: (device: DeviceState) => PlistValue | undefined
}

const open = (tell: Query['tell']): Query => ({
  right: ACCESS_RIGHTS.inspectDevice,
  inUserEnrollment: true,
  tell,
})
const hidden = (right: number, tell: Query['tell']): Query => ({ right, inUserEnrollment: false, tell })

const queries: Readonly<Record<string, Query>> = {
  UDID: hidden(0, ({ identity }) => identity.udid),
  SerialNumber: hidden(ACCESS_RIGHTS.inspectDevice, ({ identity }) => identity.serialNumber),
  DeviceName: open(({ name }) => name),
  ModelName: open(({ identity }) => identity.modelName),
  Model: open(({ identity }) => identity.model),
  ModelNumber: open(({ identity }) => `${identity.model}LL/A`),
  ProductName: open(({ identity }) => identity.productName),
  OSVersion: open(({ identity }) => identity.osVersion),
  BuildVersion: open(({ identity }) => identity.buildVersion),
  IsSupervised: open(({ identity }) => identity.supervised),
  IsMultiUser: open(() => false),
  TimeZone: open(({ identity }) =>
    isMac(identity) || majorVersion(identity) < 14 ? undefined : identity.timeZone,
  ),
  IsDeviceLocatorServiceEnabled: open(() => false),
  IsNetworkTethered: open(() => false),
  DeviceCapacity: open(() => 128),
  AvailableDeviceCapacity: open(() => 61.5),
  BatteryLevel: open(() => 0.75),
  OrganizationInfo: open(({ organization }) => organization),
  AwaitingConfiguration: hidden(0, ({ conditions }) => conditions.inSetupAssistant),
  IsMDMLostModeEnabled: hidden(ACCESS_RIGHTS.inspectDevice, () => false),
  IMEI: hidden(ACCESS_RIGHTS.inspectNetwork, () => '35 000000 000000 0'),
  iTunesStoreAccountIsActive: hidden(ACCESS_RIGHTS.manageApps, ({ account }) => account.signedIn),
  iTunesStoreAccountHash: hidden(ACCESS_RIGHTS.manageApps, ({ account, ports }) =>
    account.name !== undefined && account.signedIn ? ports.store.accountHash(account.name) : undefined,
  ),
}

/** Macs do not know the query. */
const isMac = ({ productName }: DeviceIdentity): boolean => productName.startsWith('Mac')

export function deviceInformation(device: DeviceState, command: PlistDict): Answer {
  if (!Array.isArray(command.Queries)) return formatError('Queries is a list')
  const responses: Record<string, PlistValue> = {}
  for (const name of textsField(command, 'Queries')) {
    const query = Object.hasOwn(queries, name) ? queries[name] : undefined
    if (query === undefined || !device.hasRight(query.right)) continue
    if (device.isUserEnrollment && !query.inUserEnrollment) continue
    const value = query.tell(device)
    if (value !== undefined) responses[name] = value
  }
  return acknowledged({ QueryResponses: responses })
}
