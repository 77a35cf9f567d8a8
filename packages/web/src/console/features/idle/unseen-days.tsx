import { unseenDays } from '@apportion/core/licenses/idle'
import { Button, Group, NumberInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../shared/ui/card.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { useUnseenDays } from './queries.ts'

/** L11: after how many days a device counts as not seen. */
export function UnseenDays({ days }: { readonly days: number }) {
  const { t } = useTranslation()
  const save = useUnseenDays()
  const [typed, setTyped] = useState<number | string>(days)
  const wanted = Number(typed)
  const isUsable =
    Number.isInteger(wanted) && wanted >= unseenDays.least && wanted <= unseenDays.most && wanted !== days
  return (
    <Card title={t('idle.settings')}>
      <Stack gap="md">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (!isUsable) return
            save.mutate(wanted, { onSuccess: () => notifications.show({ message: t('idle.saved') }) })
          }}
        >
          <Group align="flex-end" gap="sm">
            <NumberInput
              label={t('idle.days')}
              description={t('idle.days_hint')}
              value={typed}
              min={unseenDays.least}
              max={unseenDays.most}
              allowDecimal={false}
              hideControls
              maw="24rem"
              onChange={setTyped}
            />
            <Button type="submit" variant="default" disabled={!isUsable} loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </form>
        {save.isError && <ProblemAlert error={save.error} />}
      </Stack>
    </Card>
  )
}
