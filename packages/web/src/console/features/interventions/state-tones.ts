import type { Intervention } from '../../../shared/api/shapes.ts'
import type { Tone } from '../../../shared/ui/badge.tsx'

/** How the states of previews and records look. */
export const stateTones: Readonly<Record<Intervention['state'], Tone>> = {
  preview: 'neutral',
  running: 'info',
  done: 'good',
}
