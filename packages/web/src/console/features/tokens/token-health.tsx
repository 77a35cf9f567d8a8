import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Token, TokenHealth } from '../../../shared/api/shapes.ts'
import { hasOwn } from '../../../shared/has-own.ts'
import { en } from '../../../shared/i18n/en/en.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { useTokenReason } from './token-state.tsx'

const tones: Record<TokenHealth['status'], Tone> = { healthy: 'good', warning: 'warn', unhealthy: 'bad' }

/** T8 in a word. */
export function HealthBadge({ health }: { readonly health: TokenHealth }) {
  const { t } = useTranslation()
  return <Badge tone={tones[health.status]}>{t(`token_care.health.status.${health.status}`)}</Badge>
}

/** T8: how the connection to Apple stands, and every reason with what to do. */
export function HealthCard({ token }: { readonly token: Token }) {
  const { t } = useTranslation()
  const { reasons } = token.health
  return (
    <Card title={t('token_care.health.title')} actions={<HealthBadge health={token.health} />}>
      {reasons.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('token_care.health.well')}
        </Text>
      ) : (
        <Stack gap="sm" component="ul" m={0} pl="1.125rem">
          {reasons.map((reason) => (
            <Text size="sm" component="li" key={reason.code}>
              <Reason token={token} reason={reason} />
            </Text>
          ))}
        </Stack>
      )}
    </Card>
  )
}

/** In English the server's own sentence, which has the values; in other languages the one of its code. */
function Reason({
  token,
  reason,
}: {
  readonly token: Token
  readonly reason: TokenHealth['reasons'][number]
}) {
  const { t, i18n } = useTranslation()
  const ofToken = useTokenReason()
  const { code, text, count } = reason
  if (code.startsWith('token_')) return ofToken(token)
  const { codes } = en.token_care.health
  if (i18n.language === 'en' || !hasOwn(codes, code)) return text
  return t(`token_care.health.codes.${code}`, { count: count ?? 0 })
}
