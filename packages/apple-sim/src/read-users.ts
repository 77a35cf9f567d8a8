/** `GET /users`: the registered users, retired ones included unless a filter drops them. */
import { deltaCall, pageJson, requestedSince, requestedSlice } from './paging.ts'
import { booleanParameter } from './query.ts'
import { userPresentation } from './registration.ts'
import type { Call } from './simulation.ts'

export function readUsers(asked: Call): string {
  const call = deltaCall(asked)
  const { location, query } = call
  const since = requestedSince(call, location.versions.users)
  const activeOnly = booleanParameter(query, 'activeOnly') === true
  const retiredOnly = booleanParameter(query, 'retiredOnly') === true
  const clientUserId = query.get('clientUserId')
  const isWholeWalk = since === undefined && !activeOnly && !retiredOnly
  const named = clientUserId === null ? location.users : location.rowsNamed(clientUserId)
  // The pages of a whole walk are slices, however many users there are.
  const found = isWholeWalk
    ? named
    : named.filter((row) => {
        const active = location.activeUsers.get(row.clientUserId) === row
        if (activeOnly && !active) return false
        if (retiredOnly && row.status !== 'Retired') return false
        return since === undefined || row.stamp > since
      })
  const slice = requestedSlice(call, 0, found.length)
  const shown = found.slice(slice.from, slice.to)
  const users = shown.map((row) => JSON.stringify(userPresentation(row))).join()
  return pageJson(call, slice, { lists: { users }, size: shown.length, versions: location.versions.users })
}
