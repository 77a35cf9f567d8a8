/** DeclarativeManagement: switches declarations on, and has them synchronized. */

import type { PlistDict } from '@apportion/apple-wire/plist'
import { bytesField } from '@apportion/apple-wire/plist-fields'
import { type Answer, acknowledged, formatError, refused } from './command-answer.ts'
import { majorVersion } from './device-identity.ts'
import type { DeviceState } from './device-state.ts'
import { readJson } from './json.ts'

/** From iOS 16 on, in a User Enrollment from 15. It is answered before anything is fetched. */
export function declarativeManagement(device: DeviceState, command: PlistDict): Answer {
  const first = device.isUserEnrollment ? 15 : 16
  if (majorVersion(device.identity) < first) return refused(12021, `Declarations need iOS ${first}`)
  const data = bytesField(command, 'Data')
  if (command.Data !== undefined && (data === undefined || readJson(data) === undefined)) {
    return formatError('Data is no JSON')
  }
  device.synchronize()
  return acknowledged()
}
