/** The server's features with an observer on the location work, so that a story can drain it. */
import { auditFeature } from '@apportion/server/audit/feature'
import { directoryFeature } from '@apportion/server/directory/feature'
import type { Feature } from '@apportion/server/feature'
import { pipelineFeature, type WorkObserver } from '@apportion/server/pipeline'

export function storyFeatures(observe: WorkObserver): readonly Feature[] {
  return [auditFeature, pipelineFeature(observe), directoryFeature]
}
