/**
 * The server's features, in their declared order: a feature may import from those above it, and talks to
 * those below it through the outbox only.
 */
import { auditFeature } from './audit/feature.ts'
import { directoryFeature } from './directory/feature.ts'
import type { Feature } from './feature.ts'
import { installsListener } from './installs/hear.ts'
import { enrollmentFeature } from './mdm/enrollment-feature.ts'
import { type MdmParts, mdmFeature } from './mdm/feature.ts'
import { mdmChannel } from './mdm/queue.ts'
import { pipelineFeature } from './pipeline.ts'

/** Devices under our management, with those who hear what they say. */
export const managedDevices = (parts: Pick<MdmParts, 'observe'> = {}): Feature =>
  mdmFeature({ ...parts, listeners: ({ newId }) => [installsListener({ channel: mdmChannel, newId })] })

export const features: readonly Feature[] = [
  auditFeature,
  pipelineFeature(),
  directoryFeature,
  enrollmentFeature,
  managedDevices(),
]
