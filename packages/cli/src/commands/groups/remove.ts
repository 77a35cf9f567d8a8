/** `apportion groups remove` (A1). */
import { membersCommand } from '../../members.ts'

export const remove = membersCommand('remove')
