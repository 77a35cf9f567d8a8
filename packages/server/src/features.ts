/**
 * The server's features, in their declared order: a feature may import from those above it, and talks to
 * those below it through the outbox only.
 */
import { auditFeature } from './audit/feature.ts'
import { deviceChannels } from './device-channels.ts'
import { directoryFeature } from './directory/feature.ts'
import type { Feature } from './feature.ts'
import { installsListener } from './installs/hear.ts'
import { enrollmentFeature } from './mdm/enrollment-feature.ts'
import { type MdmParts, mdmFeature } from './mdm/feature.ts'
import { type NanoParts, nanomdmFeature } from './nanomdm/feature.ts'
import { pipelineFeature } from './pipeline.ts'

/** Devices under our management, with those who hear what they say. */
export const managedDevices = (parts: Pick<MdmParts, 'observe'> = {}): Feature =>
  mdmFeature({ ...parts, listeners: ({ newId }) => [installsListener({ channel: deviceChannels, newId })] })

/** Devices that are reached through NanoMDM, with the same who hear what they say. */
export const devicesAtNanoMdm = (parts: Pick<NanoParts, 'observe'> = {}): Feature =>
  nanomdmFeature({
    ...parts,
    listeners: ({ newId }) => [installsListener({ channel: deviceChannels, newId })],
  })

export const features: readonly Feature[] = [
  auditFeature,
  pipelineFeature(),
  directoryFeature,
  enrollmentFeature,
  managedDevices(),
  devicesAtNanoMdm(),
]
