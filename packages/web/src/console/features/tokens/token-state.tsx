import { useTranslation } from 'react-i18next'
import type { Token, TokenState } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'

const tones: Record<TokenState, Tone> = {
  valid: 'good',
  expiring: 'warn',
  expired: 'bad',
  revoked: 'bad',
  invalid: 'bad',
  managed_elsewhere: 'bad',
}

/** T3 in a word. */
export function TokenStateBadge({ state }: { readonly state: TokenState }) {
  const { t } = useTranslation()
  return <Badge tone={tones[state]}>{t(`tokens.states.${state}`)}</Badge>
}

/** T3 in a sentence: what holds, and what to do about it. */
export function useTokenReason(): (token: Token) => string {
  const { t } = useTranslation()
  const { date, relative } = useFormats()
  return ({ state, expiresAt, managedBy }) =>
    t(`tokens.reasons.${state}`, {
      date: date(expiresAt),
      when: relative(expiresAt),
      holder: managedBy?.name ?? managedBy?.id ?? t('tokens.another_service'),
    })
}
