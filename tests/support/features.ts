/** The server's features with an observer on the location work, so that a story can drain it. */
import { auditFeature } from '@apportion/server/audit/feature'
import { directoryFeature } from '@apportion/server/directory/feature'
import type { Feature } from '@apportion/server/feature'
import { devicesAtNanoMdm, managedDevices } from '@apportion/server/features'
import { enrollmentFeature } from '@apportion/server/mdm/enrollment-feature'
import type { MdmParts } from '@apportion/server/mdm/feature'
import type { NanoParts } from '@apportion/server/nanomdm/feature'
import { pipelineFeature, type WorkObserver } from '@apportion/server/pipeline'

/** `observeDevices` hears of the port for devices, `observeNano` of what is sent to NanoMDM, in a story that has them. */
export function storyFeatures(
  observe: WorkObserver,
  observeDevices?: NonNullable<MdmParts['observe']>,
  observeNano?: NonNullable<NanoParts['observe']>,
): readonly Feature[] {
  const devices = managedDevices(observeDevices === undefined ? {} : { observe: observeDevices })
  const nano = devicesAtNanoMdm(observeNano === undefined ? {} : { observe: observeNano })
  return [auditFeature, pipelineFeature(observe), directoryFeature, enrollmentFeature, devices, nano]
}
