import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconLink, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnrollmentLink } from '../../../shared/api/shapes.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Rows } from '../../../shared/ui/rows.tsx'
import { useLinkColumns, useLinkName } from './link-columns.tsx'
import { NewLink } from './new-link.tsx'
import { enrollmentLinksQuery, useRevokeLink } from './queries.ts'

/** The addresses at which devices get their enrollment profile: making, looking after and revoking them. */
export function EnrollmentLinks() {
  const { t } = useTranslation()
  const result = useInfiniteQuery(enrollmentLinksQuery())
  const [adding, add] = useDisclosure(false)
  const [revoking, setRevoking] = useState<EnrollmentLink | null>(null)
  const columns = useLinkColumns(setRevoking)
  return (
    <Card
      title={t('enrollment.links.title')}
      flush
      actions={
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={add.open}>
          {t('enrollment.links.add')}
        </Button>
      }
    >
      <Text size="sm" c="dimmed" px="lg" pb="md">
        {t('enrollment.links.lead')}
      </Text>
      <Rows
        label={t('enrollment.links.title')}
        columns={columns}
        result={result}
        rowKey={({ id }) => id}
        rowHeight={60}
        sketched={3}
        empty={
          <Empty icon={<IconLink />} title={t('enrollment.links.none')}>
            {t('enrollment.links.none_hint')}
          </Empty>
        }
      />
      {adding && <NewLink onClose={add.close} />}
      {revoking !== null && <Revoke link={revoking} onClose={() => setRevoking(null)} />}
    </Card>
  )
}

function Revoke({ link, onClose }: { readonly link: EnrollmentLink; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const revoke = useRevokeLink()
  const what = useLinkName()(link)
  const confirm = () =>
    revoke.mutate(link.id, {
      onSuccess: () => {
        notifications.show({ message: t('enrollment.links.revoked') })
        onClose()
      },
    })
  return (
    <Ask
      title={t('enrollment.links.revoke_title', { what })}
      verb={t('enrollment.links.revoke')}
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('enrollment.links.revoke_text')}
    </Ask>
  )
}
