import { Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Deletion } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import styles from './tokens.module.css'

type Preview = NonNullable<Deletion['preview']>

/** T6: every consequence of a deletion with its number; what does not happen is not listed. */
export function DeletionPreview({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation()
  const { number, list } = useFormats()
  const { licenses, holders, assignments, waiting } = preview
  const counted = (key: 'ours' | 'irrevocable' | 'outside' | 'assignments' | 'waiting', count: number) =>
    count === 0 ? [] : [t(`token_care.deletion.${key}`, { count, shown: number(count) })]
  const losers = t(`token_care.deletion.losers${holders.users === 0 ? '' : '_users'}`, {
    devices: number(holders.devices),
    users: number(holders.users),
  })
  const lines = [
    ...counted('ours', licenses.ours).map((line) => `${line}, ${losers}`),
    ...counted('irrevocable', licenses.irrevocable),
    ...counted('outside', licenses.outside),
    ...counted('assignments', assignments),
    ...counted('waiting', waiting),
    t('token_care.deletion.claim'),
  ]
  const names = holders.sample.map(({ id, name }) => (name === null ? id : `${name} (${id})`))
  const more = holders.devices + holders.users - names.length
  const concerned = preview.assets.sample
    .filter((asset) => asset.ours > 0 || asset.assignments > 0)
    .slice(0, 6)
  return (
    <Stack gap="md">
      <section aria-label={t('token_care.deletion.what')}>
        <Text component="h3" size="sm" fw={600} mb={6}>
          {t('token_care.deletion.what')}
        </Text>
        <ul className={styles.list}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      {concerned.length > 0 && <Assets assets={concerned} />}
      {names.length > 0 && (
        <section aria-label={t('token_care.deletion.holders')}>
          <Text component="h3" size="sm" fw={600} mb={6}>
            {t('token_care.deletion.holders')}
          </Text>
          <Text size="sm" c="dimmed">
            {list(more > 0 ? [...names.slice(0, 5), `+${number(more + names.length - 5)}`] : names)}
          </Text>
        </section>
      )}
    </Stack>
  )
}

function Assets({ assets }: { readonly assets: Preview['assets']['sample'] }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  return (
    <Table aria-label={t('token_care.deletion.apps')} fz="sm" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('token_care.deletion.app')}</Table.Th>
          <Table.Th ta="end">{t('token_care.deletion.ours')}</Table.Th>
          <Table.Th ta="end">{t('token_care.deletion.outside')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {assets.map(({ assetId, name, ours, outside, revocable }) => (
          <Table.Tr key={assetId}>
            <Table.Td>
              {name}
              {!revocable && (
                <Text span size="xs" c="dimmed">
                  {` · ${t('token_care.deletion.never_back')}`}
                </Text>
              )}
            </Table.Td>
            <Table.Td ta="end" className="numbers">
              {number(ours)}
            </Table.Td>
            <Table.Td ta="end" className="numbers">
              {number(outside)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
