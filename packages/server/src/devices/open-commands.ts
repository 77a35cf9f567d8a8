/** Which commands a device still has before it. */
import { sql } from 'kysely'

/** The states of a command without its last word, for `state IN ${openStates}`; the index of open commands holds these. */
export const openStates = sql`('queued', 'sent', 'not_now')`
