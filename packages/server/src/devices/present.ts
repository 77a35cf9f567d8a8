/** Enrollments as callers see them. */
import type { z } from 'zod'
import type { CommandView, EnrollmentMore, EnrollmentView } from './read-enrollments.ts'
import type { command, enrollment, enrollmentDetail } from './schema.ts'

export function presentEnrollment(row: EnrollmentView): z.output<typeof enrollment> {
  const { id, channel, identifier, kind, ownership, state, waiting, leftCause } = row
  const { deviceId, serialNumber, deviceName, userId, userName, personName, certificate, certificateEnds } =
    row
  const hasDevice = deviceId !== null && serialNumber !== null && deviceName !== null
  const hasUser = userId !== null && userName !== null && personName !== null
  const hasIdentity = certificate !== null && certificateEnds !== null
  return {
    id,
    channel,
    identifier,
    kind,
    ownership,
    state,
    device: hasDevice ? { id: deviceId, serialNumber, name: deviceName } : null,
    user: hasUser ? { id: userId, userName, name: personName } : null,
    authenticatedAt: row.authenticatedAt.toISOString(),
    enrolledAt: textOf(row.enrolledAt),
    leftAt: textOf(row.leftAt),
    leftCause,
    lastSeenAt: row.lastSeenAt.toISOString(),
    waiting,
    wakeAt: textOf(row.wakeAt),
    wokenAt: textOf(row.wokenAt),
    pushLostAt: textOf(row.pushLostAt),
    identity: hasIdentity ? { serialNumber: certificate, notAfter: certificateEnds.toISOString() } : null,
  }
}

export function presentEnrollmentDetail(
  row: EnrollmentView,
  more: EnrollmentMore,
): z.output<typeof enrollmentDetail> {
  const { awaitingConfiguration, factsAskedAt, storeAccountActive, timeZone } = more
  return {
    ...presentEnrollment(row),
    awaitingConfiguration,
    factsAskedAt: textOf(factsAskedAt),
    storeAccountActive,
    timeZone,
    commands: more.commands.map(presentCommand),
  }
}

function presentCommand(row: CommandView): z.output<typeof command> {
  const { id, requestType, purpose, state, deliveries } = row
  return {
    id,
    requestType,
    purpose,
    state,
    queuedAt: row.queuedAt.toISOString(),
    sentAt: textOf(row.sentAt),
    deliveries,
    answeredAt: textOf(row.answeredAt),
    errors: row.errors.map((error) => ({ ...error })),
  }
}

const textOf = (moment: Date | null): string | null => moment?.toISOString() ?? null
