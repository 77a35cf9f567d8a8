/** What an assignment says beside what its group gets, in a few words each: only what differs from the defaults. */
import { defaultReclaim, type Reclaim, reclaimEvents } from '@apportion/core/assignments/reclaim'
import { defaultSettings } from '@apportion/core/assignments/settings'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { type Formats, useFormats } from '../../../shared/i18n/formats.ts'
import type { Terms } from './terms.ts'

interface Speaking {
  readonly t: TFunction
  readonly formats: Formats
}

/** The words for some terms, in the language that is chosen; none when all is as by default. */
export function useTermsWords(): (terms: Terms) => readonly string[] {
  const { t } = useTranslation()
  const formats = useFormats()
  return (terms) => (terms.wish === 'exclude' ? [] : termsWords(terms, { t, formats }))
}

function termsWords(terms: Terms, speaking: Speaking): readonly string[] {
  return [
    ...shareWords(terms, speaking),
    ...settingWords(terms.settings, speaking),
    ...reclaimWords(terms.reclaim, speaking),
    ...rolloutWords(terms.rollout, speaking),
  ]
}

function shareWords(
  { reserve, quota, pools }: Terms,
  { t, formats: { number } }: Speaking,
): readonly string[] {
  const words: string[] = []
  if (reserve !== null) words.push(t('terms.words.reserve', { count: reserve, shown: number(reserve) }))
  if (quota !== null) words.push(t('terms.words.quota', { count: quota, shown: number(quota) }))
  if (pools !== 'own') words.push(t(`terms.words.pools.${pools}`))
  return words
}

function settingWords(said: Terms['settings'], { t }: Speaking): readonly string[] {
  const settings = { ...defaultSettings, ...said }
  const words: string[] = []
  if (settings.automaticUpdates !== 'token') words.push(t(`terms.words.updates.${settings.automaticUpdates}`))
  if (!settings.removable) words.push(t('terms.words.not_removable'))
  if (settings.preventBackup) words.push(t('terms.words.no_backup'))
  if (settings.removeWhenManagementEnds) words.push(t('terms.words.removed_with_management'))
  if (settings.vpnId !== null) words.push(t('terms.words.vpn', { id: settings.vpnId }))
  if (settings.configuration !== null) words.push(t('terms.words.configuration'))
  return words
}

function reclaimWords(said: Terms['reclaim'], speaking: Speaking): readonly string[] {
  return reclaimEvents.flatMap((event) => {
    const reclaim = said[event] ?? defaultReclaim[event]
    if (isSameReclaim(reclaim, defaultReclaim[event])) return []
    const what = reclaimText(reclaim, speaking)
    return [speaking.t('terms.words.reclaim', { event: speaking.t(`terms.events_short.${event}`), what })]
  })
}

/** Whether two policies for the same event say the same. */
function isSameReclaim(one: Reclaim, other: Reclaim): boolean {
  if (one.kind === 'after' && other.kind === 'after') return one.days === other.days
  return one.kind === other.kind
}

function reclaimText(reclaim: Reclaim, { t, formats: { number } }: Speaking): string {
  if (reclaim.kind !== 'after') return t(`terms.words.reclaims.${reclaim.kind}`)
  return t('terms.words.reclaims.after', { count: reclaim.days, shown: number(reclaim.days) })
}

function rolloutWords(rollout: Terms['rollout'], { t, formats }: Speaking): readonly string[] {
  if (rollout === null) return []
  const waves = rollout.waves.map(({ percent, at }) =>
    at === null
      ? t('terms.words.wave_now', { percent: formats.percent(percent / 100) })
      : t('terms.words.wave', { percent: formats.percent(percent / 100), date: formats.date(at) }),
  )
  const staged = t('terms.words.rollout', { waves: formats.list(waves) })
  const { stopAtPercent } = rollout
  return stopAtPercent === null
    ? [staged]
    : [staged, t('terms.words.stop_at', { percent: formats.percent(stopAtPercent / 100) })]
}
