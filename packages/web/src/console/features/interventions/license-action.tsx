import { ActionIcon, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Holder } from '../../../shared/api/shapes.ts'
import { problemText } from '../../../shared/ui/problem.tsx'
import { useBegin, useGiveAgain } from './queries.ts'

interface LicenseActionProps {
  readonly assetId: number
  readonly holder: Pick<Holder, 'kind' | 'id' | 'state' | 'ours'>
  readonly isWithheld: boolean
  /** What the button speaks about: the app in a list of apps, the device in a list of devices. */
  readonly what: string
}

/** L6: takes one license back, or gives again what is withheld. */
export function LicenseAction({ assetId, holder, isWithheld, what }: LicenseActionProps) {
  const { t, i18n } = useTranslation()
  const begin = useBegin()
  const again = useGiveAgain()
  const onError = (error: unknown) =>
    notifications.show({ color: 'red', message: problemText(error, t, i18n.language) })
  if (!isWithheld && holder.state !== 'held' && holder.state !== 'granting') return null
  const label = t(isWithheld ? 'interventions.give_again_of' : 'interventions.take_back_of', { what })
  const Icon = isWithheld ? IconArrowForwardUp : IconArrowBackUp
  const act = () => {
    if (isWithheld) {
      again.mutate({ assetId, serialNumber: holder.id }, { onError })
      return
    }
    const who = holder.kind === 'device' ? { serialNumber: holder.id } : { clientUserId: holder.id }
    begin.mutate({ kind: holder.ours ? 'take_back' : 'free', scope: { assetId, ...who } }, { onError })
  }
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        loading={begin.isPending || again.isPending}
        onClick={act}
      >
        <Icon size={17} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  )
}
