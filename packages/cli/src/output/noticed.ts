/** What was noticed of an app or a title (C4), as a cell of a table. */
import type { Item } from '@apportion/api-client/client'
import type { Cell } from './table.ts'

type Code = Item<'listAssets'>['notices'][number]['code']

const words: Readonly<Record<Code, string>> = {
  not_licensed: 'no longer licensed',
  not_in_store: 'not in the store',
  not_device_assignable: 'no longer for devices',
  changed: 'changed lately',
}

/** The gravest, in words; `null` when nothing was. */
export function noticedOf(notices: readonly { readonly code: Code }[]): Cell {
  const [first] = notices
  if (first === undefined) return null
  return first.code === 'changed'
    ? words.changed
    : { text: words[first.code], color: first.code === 'not_licensed' ? 'red' : 'yellow' }
}
