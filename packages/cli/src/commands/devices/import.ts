/** `apportion devices import` (P3). */
import { importCommand } from '../../import-file.ts'

export const importFile = importCommand('devices')
