/** The facts by what a change of them sets off. A change of any other is only written down. */
import type { DeviceFacts } from './device-store.ts'
import type { UserFacts } from './user-store.ts'

/** What decides whether an app runs on a device, and by which license. */
export const fittingFacts = [
  'platform',
  'osVersion',
  'model',
  'ownership',
  'supervised',
  'kiosk',
  'enrollmentType',
  'country',
] as const satisfies readonly (keyof DeviceFacts)[]

/** The same, and what decides which assignments reach the device. */
export const movingFacts: readonly (keyof DeviceFacts)[] = [...fittingFacts, 'userId']

/** What rules of groups ask of a device itself (A1), besides its serial number, which never changes. */
export const ruledFacts = [
  'platform',
  'osVersion',
  'model',
  'name',
  'ownership',
  'supervised',
  'kiosk',
  'enrollmentType',
  'tags',
  'country',
  'site',
] as const satisfies readonly (keyof DeviceFacts)[]

/** The facts of a device whose change can move it into or out of groups by rule. */
export const ruleMovingFacts: readonly (keyof DeviceFacts)[] = [...ruledFacts, 'userId']

/** What rules ask of the user of a device, besides the user name, which never changes. */
export const ruledUserFacts = ['department', 'email'] as const satisfies readonly (keyof UserFacts)[]

/** The facts of a user whose change can move devices into or out of groups by rule: who has left is nobody's user. */
export const ruleMovingUserFacts: readonly (keyof UserFacts)[] = [...ruledUserFacts, 'active']
