/**
 * Devices, people and groups as an organization's own directory knows them; Apple knows none of it.
 *
 * Sequences and not lists: an organization with half a million devices is never in memory as a whole.
 */

export interface DirectoryDevice {
  readonly serialNumber: string
  readonly name: string
  readonly modelName: string
  readonly os: 'iOS' | 'iPadOS' | 'macOS'
  readonly osVersion: string
  readonly ownership: 'corporate' | 'personal'
  readonly supervised: boolean
  /** Missing for devices that are shared. */
  readonly userEmail?: string
}

export interface DirectoryUser {
  readonly name: string
  /** Also the user name. */
  readonly email: string
  readonly department: string
}

export interface DirectoryGroup {
  readonly name: string
  readonly kind: 'device' | 'user'
  readonly description: string
  /** Serial numbers for a group of devices, email addresses for a group of users. */
  readonly members: Iterable<string>
}

export interface Directory {
  users(): Iterable<DirectoryUser>
  devices(): Iterable<DirectoryDevice>
  groups(): Iterable<DirectoryGroup>
}
