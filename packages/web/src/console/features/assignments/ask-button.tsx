import { Button, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { problemText } from '../../../shared/ui/problem.tsx'
import { useAsk } from './targets-queries.ts'

interface AskButtonProps {
  readonly assetId: number
  readonly assetName: string
  readonly serialNumber: string
  /** Whether somebody has asked for it already. */
  readonly isAsked: boolean
}

/** Asks for what is offered, on behalf of the person, or takes that back; says how it stands then (1.6, L8). */
export function AskButton({ assetId, assetName, serialNumber, isAsked }: AskButtonProps) {
  const { t, i18n } = useTranslation()
  const { number } = useFormats()
  const ask = useAsk(assetId, serialNumber)
  const act = isAsked ? 'take_back' : 'ask'
  const outcome = ask.data
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={ask.isPending}
        aria-label={t(`targets.${act}_for`, { app: assetName })}
        onClick={() => ask.mutate(act)}
      >
        {t(`targets.${act}`)}
      </Button>
      <Text size="xs" c="dimmed" role="status">
        {outcome !== undefined &&
          (outcome.place === null
            ? t(`targets.states.${outcome.state}`)
            : t('holders.position', { position: number(outcome.place) }))}
        {ask.isError && problemText(ask.error, t, i18n.language)}
      </Text>
    </>
  )
}
