/** By whose license a device may install a title. */
import type { InstallAnswer } from '../installing.ts'
import type { AppLicense } from './apps.ts'
import type { DeviceState } from './device-state.ts'

/** The device's own license before the account's; `undefined` when neither opens it now. */
export function licenseOf(device: DeviceState, adamId: string): AppLicense | undefined {
  if (answerForDevice(device, adamId) === 'visible') return 'device'
  return answerForAccount(device, adamId) === 'visible' ? 'user' : undefined
}

/** Whether an app that came by a license still opens: for 30 days after the license is gone. */
export function opens(device: DeviceState, adamId: string): boolean {
  const answers = [answerForDevice(device, adamId), answerForAccount(device, adamId)]
  const isLicensed = answers.some((answer) => answer !== 'no-license' && answer !== 'expired-30-days')
  return isLicensed || !answers.includes('expired-30-days')
}

/** In a User Enrollment nobody knows the device, so it can have no license. */
function answerForDevice({ identity, isUserEnrollment, ports }: DeviceState, adamId: string): InstallAnswer {
  return isUserEnrollment ? 'no-license' : ports.store.deviceLicense(identity.serialNumber, adamId)
}

function answerForAccount({ identity, account, ports }: DeviceState, adamId: string): InstallAnswer {
  if (account.name === undefined) return 'no-license'
  return ports.store.userLicense(account.name, identity.udid, adamId)
}
