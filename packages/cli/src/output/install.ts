/** Installations on devices, as tables show them. */
import type { Item } from '@apportion/api-client/client'
import type { Color } from './paint.ts'
import type { Cell } from './table.ts'

export type DeviceInstall = Item<'listDeviceInstalls'>
export type InstallState = DeviceInstall['state']

/** Every state of an installation that devices can be in, in its usual order. */
export const installStates = [
  'licensed',
  'commanded',
  'prompting',
  'installing',
  'installed',
  'refused',
  'failed',
  'cannot_install',
  'removing',
  'removed',
  'released',
] as const satisfies readonly InstallState[]

const colors: Readonly<Partial<Record<InstallState, Color>>> = {
  waiting_for_license: 'yellow',
  prompting: 'yellow',
  installed: 'green',
  refused: 'red',
  failed: 'red',
  cannot_install: 'red',
}

/** A state in words. */
export function stateCell(state: InstallState): Cell {
  const text = state.replaceAll('_', ' ')
  const color = colors[state]
  return color === undefined ? text : { text, color }
}

/** What the device said, in one line each: its word, Apple's numbers, and Intune's for the same. */
export function wordsOf({
  word,
  errors,
  intuneNumber,
}: NonNullable<DeviceInstall['cause']>): readonly string[] {
  return [
    ...(word === null ? [] : [`The device says: ${word}`]),
    ...errors.map(({ domain, code, text }) => `${domain} ${code}${text === '' ? '' : `: ${text}`}`),
    ...(intuneNumber === null ? [] : [`Intune shows ${intuneNumber}`]),
  ]
}
