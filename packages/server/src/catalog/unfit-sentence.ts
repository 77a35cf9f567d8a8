/** Why a title does not run on a device, in a sentence (C2). */
import type { UnfitReason } from '@apportion/core/catalog/fits'

/** The sentence of a reason; the versions are Apple's and the directory's own words. */
export function unfitSentence(
  reason: UnfitReason,
  { minimumOs, osVersion }: { readonly minimumOs: string | null; readonly osVersion: string | null },
): string {
  const sentences = {
    wrong_platform: 'The app does not run on this kind of device.',
    wrong_family: 'The app is made for the iPad only.',
    os_too_old: `The app needs version ${minimumOs} of the system; the device has ${osVersion}.`,
  }
  return sentences[reason]
}
