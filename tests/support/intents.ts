/** What a program wants to be so at Apple, and the command for the part of it that is not so yet. Pure but for `send`. */
import type {
  Assignment,
  EventResponse,
  ManageAssetsRequest,
  ResponseUser,
  RevokeAssetsRequest,
} from '@apportion/apple-wire/messages'
import type { ManageUsersRequest, UserRequest } from '@apportion/apple-wire/user-requests'
import type { AppsBooksClient } from '@apportion/apps-books/client'

/** Who holds what, and who is registered, as far as is known. */
export interface Picture {
  /** By {@link keyOf}. */
  readonly assignments: ReadonlyMap<string, Assignment>
  /** Those who are not retired, by `clientUserId`. */
  readonly users: ReadonlyMap<string, ResponseUser>
}

export type Command =
  | { readonly name: 'associate' | 'disassociate'; readonly body: ManageAssetsRequest }
  | { readonly name: 'revoke'; readonly body: RevokeAssetsRequest }
  | { readonly name: 'createUsers' | 'updateUsers' | 'retireUsers'; readonly body: ManageUsersRequest }

export interface Intent {
  readonly name: string
  /** What is left to do without those whom Apple refused for good; `undefined` when nothing is. */
  rest(picture: Picture, isRefused: (name: string) => boolean): Command | undefined
}

/** Devices and users by their names. */
export interface Holders {
  readonly serialNumbers: readonly string[]
  readonly clientUserIds: readonly string[]
}

export const keyOf = ({ adamId, serialNumber, clientUserId }: Omit<Assignment, 'pricingParam'>): string =>
  serialNumber === undefined ? `${adamId} user ${clientUserId ?? ''}` : `${adamId} device ${serialNumber}`

export function send(client: AppsBooksClient, { name, body }: Command): Promise<EventResponse> {
  // The name and the body belong together by the type; TypeScript does not follow them through the call.
  const commands: Record<Command['name'], (body: never) => Promise<EventResponse>> = client
  return commands[name](body as never)
}

/** Licenses of an asset given to holders, or taken back from them. */
export function move(name: 'associate' | 'disassociate', adamId: string, holders: Holders): Intent {
  return {
    name: `${name} ${adamId}: ${[...holders.serialNumbers, ...holders.clientUserIds].join(' ')}`,
    rest({ assignments, users }, isRefused) {
      const isLeft = (key: string, holder: string): boolean =>
        assignments.has(key) !== (name === 'associate') && !isRefused(holder)
      const serialNumbers = holders.serialNumbers.filter((serialNumber) =>
        isLeft(keyOf({ adamId, serialNumber }), serialNumber),
      )
      const clientUserIds = holders.clientUserIds.filter(
        (clientUserId) => users.has(clientUserId) && isLeft(keyOf({ adamId, clientUserId }), clientUserId),
      )
      if (serialNumbers.length + clientUserIds.length === 0) return undefined
      const assets = [{ adamId, pricingParam: 'STDQ' }]
      return { name, body: { assets, ...filled({ serialNumbers, clientUserIds }) } }
    },
  }
}

/** Everything taken back from devices. */
export function revokeFrom(serialNumbers: readonly string[]): Intent {
  return {
    name: `revoke ${serialNumbers.join(' ')}`,
    rest({ assignments }, isRefused) {
      const held = new Set([...assignments.values()].map((each) => each.serialNumber))
      const left = serialNumbers.filter((each) => held.has(each) && !isRefused(each))
      return left.length === 0 ? undefined : { name: 'revoke', body: { serialNumbers: left } }
    },
  }
}

/** Users registered, changed or retired. */
export function manageUsers(
  name: 'createUsers' | 'updateUsers' | 'retireUsers',
  users: readonly UserRequest[],
): Intent {
  return {
    name: `${name} ${users.map((each) => `${each.clientUserId} ${each.email ?? ''}`).join(', ')}`,
    rest(picture, isRefused) {
      const left = users.filter((each) => {
        const known = picture.users.get(each.clientUserId)
        return !isRefused(each.clientUserId) && !isSo(name, each, known)
      })
      return left.length === 0 ? undefined : { name, body: { users: left } }
    },
  }
}

function isSo(name: string, wanted: UserRequest, known: ResponseUser | undefined): boolean {
  if (name === 'retireUsers') return known === undefined
  if (name === 'createUsers') return known !== undefined
  return known?.email === wanted.email
}

/**
 * Takes out of the picture what a completed command took away. False when the command does not name it all: then only
 * a walk can tell.
 */
export function takeBack(
  picture: { readonly assignments: Map<string, Assignment> },
  { name, body }: Command,
): boolean {
  if (name === 'revoke' || name === 'retireUsers') return false
  if (name !== 'disassociate') return true
  for (const { adamId } of body.assets) {
    for (const serialNumber of body.serialNumbers ?? [])
      picture.assignments.delete(keyOf({ adamId, serialNumber }))
    for (const clientUserId of body.clientUserIds ?? [])
      picture.assignments.delete(keyOf({ adamId, clientUserId }))
  }
  return true
}

/** Apple refuses an empty list, so it is left out. */
function filled(holders: Holders): Partial<Holders> {
  return Object.fromEntries(Object.entries(holders).filter(([, names]) => names.length > 0))
}
