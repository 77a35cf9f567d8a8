import type { InstallCause } from '../../../shared/api/shapes.ts'

/** Whether the device said anything of its own about an installation. */
export function hasWords({ word, errors, intuneNumber }: InstallCause): boolean {
  return word !== null || errors.length > 0 || intuneNumber !== null
}
