import { Button, Group, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { LinkOnce } from './link-once.tsx'
import { useCreateLink } from './queries.ts'

const lifetimes = ['1', '7', '30', '90', '365'] as const
const dayMs = 86_400_000
const mostUses = 10_000
/** A year of days as the server counts it, less the moment that the request takes. */
const travelMs = 60_000

/** Makes a link for a person, a device or anybody, and shows it once. */
export function NewLink({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const create = useCreateLink()
  const form = useForm({
    initialValues: {
      ownership: 'corporate' as 'corporate' | 'personal',
      userName: '',
      serialNumber: '',
      uses: 1 as number | string,
      days: '7',
    },
    validate: {
      serialNumber: (serial) =>
        /^[A-Za-z0-9]{0,40}$/.test(serial.trim()) ? null : t('enrollment.links.serial_wrong'),
      uses: (uses, { serialNumber }) => {
        const count = Number(uses)
        const most = serialNumber.trim() === '' ? mostUses : 1
        return Number.isInteger(count) && count >= 1 && count <= most
          ? null
          : t('enrollment.links.uses_wrong')
      },
    },
  })
  const make = form.onSubmit(({ ownership, userName, serialNumber, uses, days }) =>
    create.mutate({
      ownership,
      userName: orNull(userName),
      serialNumber: orNull(serialNumber),
      uses: Number(uses),
      expiresAt: new Date(Date.now() + Number(days) * dayMs - travelMs).toISOString(),
    }),
  )
  const made = create.data
  if (made !== undefined) return <LinkOnce address={made.address} onClose={onClose} />
  return (
    <Dialog onClose={onClose} title={t('enrollment.links.new_title')}>
      <form noValidate onSubmit={make}>
        <Stack>
          {create.isError && <ProblemAlert error={create.error} />}
          <NativeSelect
            label={t('enrollment.links.ownership')}
            description={t('enrollment.links.ownership_hint')}
            data-autofocus
            data={(['corporate', 'personal'] as const).map((value) => ({
              value,
              label: t(`devices.ownerships.${value}`),
            }))}
            {...form.getInputProps('ownership')}
          />
          <TextInput
            label={t('enrollment.links.user')}
            description={t('enrollment.links.user_hint')}
            autoComplete="off"
            {...form.getInputProps('userName')}
          />
          <TextInput
            label={t('enrollment.links.serial')}
            description={t('enrollment.links.serial_hint')}
            autoComplete="off"
            {...form.getInputProps('serialNumber')}
          />
          <Group grow align="flex-start">
            <NumberInput
              label={t('enrollment.links.uses')}
              min={1}
              max={mostUses}
              allowDecimal={false}
              {...form.getInputProps('uses')}
            />
            <NativeSelect
              label={t('enrollment.links.lasts')}
              data={lifetimes.map((value) => ({
                value,
                label: t('enrollment.links.days', { count: Number(value) }),
              }))}
              {...form.getInputProps('days')}
            />
          </Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t('enrollment.links.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}
