import { Button, Group, NativeSelect, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import type { Device } from '../../../shared/api/shapes.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { usePutDevice } from './queries.ts'

const platforms = ['iOS', 'iPadOS', 'macOS', 'tvOS', 'visionOS', 'watchOS'] as const
const enrollments = ['device', 'user', 'shared'] as const

interface DeviceFormProps {
  /** The device to change; left out to add one. */
  readonly device?: Device
  readonly onClose: () => void
}

/** Adds a device or changes what is known about one. */
export function DeviceForm({ device, onClose }: DeviceFormProps) {
  const { t } = useTranslation()
  const put = usePutDevice()
  const form = useForm({
    initialValues: {
      serialNumber: device?.serialNumber ?? '',
      name: device?.name ?? '',
      model: device?.model ?? '',
      platform: device?.platform ?? '',
      osVersion: device?.osVersion ?? '',
      ownership: device?.ownership ?? ('corporate' as const),
      supervised: device?.supervised ?? false,
      kiosk: device?.kiosk ?? false,
      enrollmentType: device?.enrollmentType ?? ('device' as const),
      country: device?.country ?? '',
      site: device?.site ?? '',
      tags: device?.tags ?? [],
      userName: device?.user?.userName ?? '',
    },
    validate: {
      serialNumber: (serial) =>
        /^[A-Za-z0-9-]{4,32}$/.test(serial.trim()) ? null : t('devices.serial_wrong'),
      country: (country) => (/^([A-Za-z]{2})?$/.test(country.trim()) ? null : t('devices.country_wrong')),
    },
  })
  const save = form.onSubmit((values) =>
    put.mutate(
      {
        ...values,
        serialNumber: values.serialNumber.trim().toUpperCase(),
        model: orNull(values.model),
        platform: platforms.find((platform) => platform === values.platform) ?? null,
        osVersion: orNull(values.osVersion),
        country: orNull(values.country),
        site: orNull(values.site),
        userName: orNull(values.userName),
      },
      {
        onSuccess: ({ serialNumber }) => {
          notifications.show({ message: t('devices.saved', { serial: serialNumber }) })
          onClose()
        },
      },
    ),
  )
  return (
    <Dialog onClose={onClose} title={t(device === undefined ? 'devices.add' : 'devices.edit')} size="lg">
      <form onSubmit={save} noValidate>
        <Stack>
          {put.isError && <ProblemAlert error={put.error} />}
          <TextInput
            label={t('devices.fields.serial')}
            disabled={device !== undefined}
            data-autofocus={device === undefined || undefined}
            autoComplete="off"
            {...form.getInputProps('serialNumber')}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t('devices.fields.name')} {...form.getInputProps('name')} />
            <TextInput label={t('devices.fields.model')} {...form.getInputProps('model')} />
            <NativeSelect
              label={t('devices.fields.platform')}
              data={[{ value: '', label: t('devices.platform_unknown') }, ...platforms]}
              {...form.getInputProps('platform')}
            />
            <TextInput label={t('devices.fields.os_version')} {...form.getInputProps('osVersion')} />
            <NativeSelect
              label={t('devices.fields.ownership')}
              data={[
                { value: 'corporate', label: t('devices.ownerships.corporate') },
                { value: 'personal', label: t('devices.ownerships.personal') },
              ]}
              {...form.getInputProps('ownership')}
            />
            <NativeSelect
              label={t('devices.fields.enrollment')}
              data={enrollments.map((value) => ({ value, label: t(`devices.enrollments.${value}`) }))}
              {...form.getInputProps('enrollmentType')}
            />
            <TextInput label={t('devices.fields.site')} {...form.getInputProps('site')} />
            <TextInput
              label={t('devices.fields.country')}
              description={t('devices.country_hint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              maxLength={2}
              {...form.getInputProps('country')}
            />
            <TagsInput
              label={t('devices.fields.tags')}
              description={t('devices.tags_hint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              acceptValueOnBlur
              {...form.getInputProps('tags')}
            />
            <TextInput
              label={t('devices.fields.user')}
              description={t('devices.user_hint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps('userName')}
            />
          </SimpleGrid>
          <Switch
            label={t('devices.supervised')}
            {...form.getInputProps('supervised', { type: 'checkbox' })}
          />
          <Switch label={t('devices.kiosk')} {...form.getInputProps('kiosk', { type: 'checkbox' })} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={put.isPending}>
              {t('common.save')}
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
