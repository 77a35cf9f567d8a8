/** What happens next with an installation by itself, and when. */
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { hasEnded, type ShownState } from './queries.ts'

interface Coming {
  readonly state: ShownState
  readonly nextAt: string | null
}

/** What the next moment brings: the device is told, or asked how it stands, or another attempt. */
const nexts: Readonly<Partial<Record<ShownState, 'asked' | 'retried' | 'looked'>>> = {
  prompting: 'looked',
  installing: 'looked',
  commanded: 'looked',
  removing: 'asked',
  refused: 'retried',
  failed: 'retried',
  cannot_install: 'retried',
  removed: 'retried',
}

/** A sentence, or an empty text when nothing is to come. */
export function useNextText(): (install: Coming) => string {
  const { t } = useTranslation()
  const { relative } = useFormats()
  return ({ state, nextAt }) => {
    if (state === 'waiting_for_license') return t('installs.next.license')
    const next = nexts[state]
    if (nextAt === null || next === undefined) return hasEnded(state) ? t('installs.next.never') : ''
    const isPast = new Date(nextAt).getTime() <= Date.now()
    return t(`installs.next.${next}`, { at: isPast ? t('installs.next.soon') : relative(nextAt) })
  }
}
