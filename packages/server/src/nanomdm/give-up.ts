/** A command that NanoMDM does not take at all: it fails as if the device had not understood it, so that nothing waits for it. */
import { takeAnswer } from '../mdm/connect.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { lockEnrollmentById } from './enrollments.ts'
import type { OutgoingCommand } from './outgoing.ts'
import type { NanoSenderPorts } from './send.ts'

/** The domain of NanoMDM's own errors in the chain of a command; the number says nothing. */
export const nanoErrorDomain = 'NanoMDM'

/** Settles it as malformed, with NanoMDM's words. */
export async function giveUpCommand(
  ports: NanoSenderPorts,
  { enrollmentId, id: commandId }: OutgoingCommand,
  { reason, at }: { readonly reason: string; readonly at: Date },
): Promise<void> {
  const errors = [{ domain: nanoErrorDomain, code: 0, text: reason }]
  await inTransaction(ports.db, async (tx) => {
    const enrollment = await lockEnrollmentById(tx, enrollmentId)
    if (enrollment === undefined) return
    const report = { status: 'CommandFormatError', commandId, errors, message: {} } as const
    await takeAnswer(tx, ports, { enrollment, report, at })
  })
}
