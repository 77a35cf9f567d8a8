/** The parameters of InstallApplication, as strictly as a device takes them (row 1). */
import type { PlistDict, PlistValue } from '@apportion/apple-wire/plist'
import { dictField, textField } from '@apportion/apple-wire/plist-fields'
import { type Answer, formatError, refused } from './command-answer.ts'

export interface InstallWish {
  readonly by: { readonly kind: 'adamId' | 'bundleId'; readonly value: string }
  readonly purchaseMethod: 0 | 1
  readonly flags: number
  readonly takeOver: boolean
  readonly configuration: PlistDict | undefined
  readonly attributes: PlistDict | undefined
}

const REFERENCES = ['iTunesStoreID', 'Identifier', 'ManifestURL'] as const

/** The wish, or the answer that refuses it. Apps by manifest are refused as ones that cannot be verified. */
export function readInstallWish(command: PlistDict): InstallWish | Answer {
  const references = REFERENCES.filter((key) => command[key] !== undefined)
  if (references.length !== 1) return formatError('Exactly one of iTunesStoreID, Identifier, ManifestURL')
  const by = readReference(command)
  if ('status' in by) return by
  const wish = {
    by,
    purchaseMethod: dictField(command, 'Options')?.PurchaseMethod ?? 0,
    flags: command.ManagementFlags ?? 0,
    takeOver: command.ChangeManagementState,
    configuration: command.Configuration,
    attributes: command.Attributes,
  }
  return checked(wish) ?? formatError('A parameter has a value that it cannot have')
}

/** Every parameter of its type and among its values, or nothing. */
function checked(wish: Unchecked): InstallWish | undefined {
  const { by, purchaseMethod, flags, takeOver, configuration, attributes } = wish
  if (purchaseMethod !== 0 && purchaseMethod !== 1) return undefined
  if (typeof flags !== 'number' || ![0, 1, 4, 5].includes(flags)) return undefined
  if (takeOver !== undefined && takeOver !== 'Managed') return undefined
  if (!isDictOrNone(configuration) || !isDictOrNone(attributes)) return undefined
  return { by, purchaseMethod, flags, takeOver: takeOver === 'Managed', configuration, attributes }
}

type Unchecked = { readonly by: InstallWish['by'] } & Readonly<
  Record<Exclude<keyof InstallWish, 'by'>, PlistValue | undefined>
>

const isDictOrNone = (value: PlistValue | undefined): value is PlistDict | undefined =>
  value === undefined || dictField({ value }, 'value') !== undefined

function readReference(command: PlistDict): InstallWish['by'] | Answer {
  const id = command.iTunesStoreID
  if (id !== undefined) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id <= 0)
      return formatError('iTunesStoreID is a number')
    return { kind: 'adamId', value: String(id) }
  }
  const bundleId = textField(command, 'Identifier')
  if (bundleId !== undefined && bundleId !== '') return { kind: 'bundleId', value: bundleId }
  const manifest = textField(command, 'ManifestURL')
  if (manifest === undefined) return formatError('Identifier and ManifestURL are texts')
  if (!manifest.startsWith('https://')) return refused(12034, 'ManifestURL is not https')
  return refused(12024, 'The manifest cannot be verified')
}
