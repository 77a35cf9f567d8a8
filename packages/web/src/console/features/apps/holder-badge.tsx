import { useTranslation } from 'react-i18next'
import type { Holder } from '../../../shared/api/shapes.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'

const tones: Record<Holder['state'], Tone> = {
  held: 'good',
  granting: 'info',
  releasing: 'info',
  waiting: 'warn',
  refused: 'bad',
  withheld: 'neutral',
}

/** S5: a license that someone else gave is marked, since Apportion never takes it back. */
export function HolderBadge({ state, ours }: Pick<Holder, 'state' | 'ours'>) {
  const { t } = useTranslation()
  if (state === 'held' && !ours) return <Badge tone="neutral">{t('holders.states.outside')}</Badge>
  return <Badge tone={tones[state]}>{t(`holders.states.${state}`)}</Badge>
}
