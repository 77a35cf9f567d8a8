/** Why a row was rejected after looking things up: one sentence each, with what to do. */

/** What looking up the names of a row can find. */
export type LookupProblem =
  | 'duplicate'
  | 'user_unknown'
  | 'group_unknown'
  | 'group_of_users'
  | 'group_of_devices'
  | 'group_built_in'
  | 'group_by_rule'
  | 'kind_missing'
  | 'kind_differs'
  | 'kind_differs_in_file'
  | 'description_differs_in_file'
  | 'device_unknown'

/** `value` is what was looked up; `line` is the earlier line of the file that the problem refers to. */
export interface LookedUp {
  readonly value: string | null
  readonly line: number | null
}

/** The reason a person reads. */
export function lookupReason(problem: LookupProblem, { value, line }: LookedUp): string {
  return reasons[problem](`"${value ?? ''}"`, line ?? 0)
}

const reasons: Readonly<Record<LookupProblem, (value: string, line: number) => string>> = {
  duplicate: (value, line) => `${value} is on line ${line} already; remove one of the two rows`,
  user_unknown: (value) => `There is no user ${value}; import users first or correct the name`,
  group_unknown: (value) => `There is no group ${value}; create it or import groups first`,
  group_of_users: (value) => `${value} is a group of users; name a group of devices`,
  group_of_devices: (value) => `${value} is a group of devices; name a group of users`,
  group_built_in: (value) => `${value} is built in and has its members by itself; leave it out`,
  group_by_rule: (value) => `${value} has its members by a rule; leave it out or change the rule`,
  kind_missing: (value) =>
    `The group ${value} is new; say in the column kind whether it is of device or user`,
  kind_differs: (value) =>
    `The group exists with another kind than ${value}, which cannot change; correct it`,
  kind_differs_in_file: (value, line) =>
    `The kind is ${value} here and another on line ${line}; make them the same`,
  description_differs_in_file: (_value, line) =>
    `The description differs from the one on line ${line}; make them the same or leave this one empty`,
  device_unknown: (value) => `There is no device ${value}; import devices first or correct the serial number`,
}
