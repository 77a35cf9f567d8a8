/** InviteToProgram (MDM protocol): a device asks its person to join Apps and Books. */
import { textField } from './plist-fields.ts'
import type { PlistDict } from './plist-value.ts'

/** The only program there is. */
export const PROGRAM_ID = 'com.apple.cloudvpp'

/** Apple's words for what came of it. `Acknowledged`: the question was shown, which is not that it was accepted. Open. */
export const INVITATION_RESULTS = ['Acknowledged', 'InvalidProgramID', 'InvalidInvitationURL'] as const

/** The `InvitationResult` of a report; undefined when it has none. */
export function readInvitationResult(message: PlistDict): string | undefined {
  return textField(message, 'InvitationResult')
}
