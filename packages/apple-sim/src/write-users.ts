/** `POST /users/create`, `/users/update` and `/users/retire`. */
import { chunksOf } from './event.ts'
import { limitsOf } from './knobs.ts'
import { objectBody, requestedUsers } from './request-body.ts'
import type { Call } from './simulation.ts'
import { accepted } from './write-assets.ts'

export const createUsers = (call: Call): string => writeUsers(call, 'CREATE')
export const updateUsers = (call: Call): string => writeUsers(call, 'UPDATE')
export const retireUsers = (call: Call): string => writeUsers(call, 'RETIRE')

function writeUsers(call: Call, type: 'CREATE' | 'UPDATE' | 'RETIRE'): string {
  const knobs = call.simulation.knobs()
  const users = requestedUsers(objectBody(call.body), limitsOf(knobs))
  const batches = chunksOf(users, knobs.notificationElements).map(
    (chunk) => ({ kind: 'users', users: chunk }) as const,
  )
  return accepted(call, {
    type,
    batches,
    ...(call.token.withoutAccount && { refusesAccounts: true }),
  })
}
