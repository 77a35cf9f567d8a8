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
  duplicate: 'bad',
  leaving: 'warn',
}

/** T3 in a word. */
export function TokenStateBadge({ state }: { readonly state: TokenState }) {
  const name = useStateName()
  return <Badge tone={tones[state]}>{name(state)}</Badge>
}

/** The name of a state. */
export function useStateName(): (state: TokenState) => string {
  const { t } = useTranslation()
  return (state) =>
    state === 'duplicate' || state === 'leaving'
      ? t(`token_care.states.${state}`)
      : t(`tokens.states.${state}`)
}

/** Who holds the location at Apple when that is not us; an installation of this product by its address. */
export function useHolderName(): (token: Token) => string {
  const { t } = useTranslation()
  return ({ managedBy, state }) =>
    (state === 'duplicate' ? managedBy?.metadata : null) ||
    managedBy?.name ||
    managedBy?.id ||
    t('tokens.another_service')
}

/** T3 in a sentence: what holds, and what to do about it. */
export function useTokenReason(): (token: Token) => string {
  const { t } = useTranslation()
  const { date, relative } = useFormats()
  const holder = useHolderName()
  return (token) => {
    const { state, expiresAt, managedBy } = token
    if (managedBy?.letGo === true && state !== 'leaving')
      return t('token_care.reasons.let_go', { holder: holder(token) })
    if (state === 'duplicate' || state === 'leaving')
      return t(`token_care.reasons.${state}`, { holder: holder(token) })
    return t(`tokens.reasons.${state}`, {
      date: date(expiresAt),
      when: relative(expiresAt),
      holder: holder(token),
    })
  }
}
