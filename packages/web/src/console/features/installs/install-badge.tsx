import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import type { ShownState } from './queries.ts'

const tones: Readonly<Record<ShownState, Tone>> = {
  waiting_for_license: 'warn',
  licensed: 'info',
  commanded: 'info',
  prompting: 'warn',
  installing: 'info',
  installed: 'good',
  refused: 'bad',
  failed: 'bad',
  cannot_install: 'bad',
  removing: 'info',
  removed: 'neutral',
  released: 'neutral',
}

/** How an app stands on a device, in a word. */
export function InstallBadge({ state }: { readonly state: ShownState }) {
  const { t } = useTranslation()
  return <Badge tone={tones[state]}>{t(`installs.states.${state}`)}</Badge>
}
