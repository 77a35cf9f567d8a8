/** `apportion groups add` (A1). */
import { membersCommand } from '../../members.ts'

export const add = membersCommand('add')
