import { idleReasons } from '@apportion/core/licenses/idle'
import { useTranslation } from 'react-i18next'
import type { Intervention } from '../../../shared/api/shapes.ts'

/** What an intervention is about, in words. */
export function useScopeText(): (scope: Intervention['scope']) => string {
  const { t } = useTranslation()
  return ({ token, asset, holder, user, idle }) => {
    if (idle !== null) {
      const reasons =
        idle.length === idleReasons.length
          ? t('interventions.scope.any_reason')
          : idle.map((reason) => t(`idle.reasons.${reason}`)).join(', ')
      const what = asset?.name ?? token?.name
      return what === undefined
        ? t('interventions.scope.idle', { reasons })
        : t('interventions.scope.idle_of', { what, reasons })
    }
    const on = holder?.id ?? user?.name
    if (asset !== null && on !== undefined)
      return t('interventions.scope.one', { asset: asset.name, holder: on })
    if (asset !== null) return t('interventions.scope.asset', { asset: asset.name, token: token?.name ?? '' })
    if (token !== null && on !== undefined) {
      return t('interventions.scope.holder_of_token', { token: token.name, holder: on })
    }
    if (token !== null) return t('interventions.scope.token', { token: token.name })
    if (user !== null) return t('interventions.scope.user', { user: user.name })
    if (holder !== null) return t('interventions.scope.holder', { holder: holder.id })
    return t('interventions.everything')
  }
}
