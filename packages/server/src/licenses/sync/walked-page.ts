/** A page of Apple's assignments as a sync reads it. */
import type { Assignment } from '@apportion/apple-wire/messages'

export interface LicensePage {
  readonly pageIndex: number
  readonly totalPages: number
  readonly versionId: string | undefined
  readonly records: readonly Assignment[]
}

/** The holder that a record names; undefined when it names none, or one that is no id of Apple's (control characters). */
export function holderOf(
  record: Assignment,
): { readonly kind: 'device' | 'user'; readonly id: string } | undefined {
  const { serialNumber, clientUserId } = record
  const id = serialNumber ?? clientUserId
  if (id === undefined || id === '' || unsafe.test(id)) return undefined
  return { kind: serialNumber === undefined ? 'user' : 'device', id }
}

/** Characters that COPY gives a meaning to. */
const unsafe = /[\\\n\r\t\0]/
