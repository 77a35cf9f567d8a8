import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Dialog } from '../../../shared/ui/dialog.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import styles from './enrollment.module.css'
import { PushUploadForm } from './push-upload.tsx'
import { signingRequestAddress, signingRequestQuery, useMakeSigningRequest } from './queries.ts'

interface PushStepsProps {
  readonly isRenewal: boolean
  readonly onClose: () => void
}

/** The way to a push certificate: request, signature and Apple, upload. Days may lie between the steps. */
export function PushSteps({ isRenewal, onClose }: PushStepsProps) {
  const { t } = useTranslation()
  const title = t(isRenewal ? 'enrollment.push.renew_title' : 'enrollment.push.steps_title')
  return (
    <Dialog title={title} size="lg" onClose={onClose} closeOnClickOutside={false}>
      <ol className={styles.steps}>
        <Step number={1} title={t('enrollment.push.step_request')}>
          <Text size="sm">{t('enrollment.push.step_request_text')}</Text>
          <SigningRequest />
        </Step>
        <Step number={2} title={t('enrollment.push.step_sign')}>
          <Text size="sm">{t('enrollment.push.step_sign_vendor')}</Text>
          <Text size="sm">{t('enrollment.push.step_sign_apple')}</Text>
          {isRenewal && (
            <Text size="sm" fw={550}>
              {t('enrollment.push.step_sign_renew')}
            </Text>
          )}
        </Step>
        <Step number={3} title={t('enrollment.push.step_upload')}>
          <Text size="sm">{t('enrollment.push.step_upload_text')}</Text>
          <PushUploadForm onTaken={onClose} />
        </Step>
      </ol>
    </Dialog>
  )
}

interface StepProps {
  readonly number: number
  readonly title: string
  readonly children: ReactNode
}

function Step({ number, title, children }: StepProps) {
  return (
    <li className={styles.step}>
      <span className={styles.mark} aria-hidden="true">
        {number}
      </span>
      <Stack gap="xs" miw={0}>
        <Text fw={600} component="h3" m={0}>
          {title}
        </Text>
        {children}
      </Stack>
    </li>
  )
}

/** Makes the request once; an open one can be downloaded again, or given up for another. */
function SigningRequest() {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  const query = useQuery(signingRequestQuery)
  const make = useMakeSigningRequest()
  const request = query.data
  return (
    <>
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {make.isError && <ProblemAlert error={make.error} />}
      {request === null && (
        <Group>
          <Button size="xs" loading={make.isPending} onClick={() => make.mutate(false)}>
            {t('enrollment.push.make')}
          </Button>
        </Group>
      )}
      {request !== null && request !== undefined && (
        <>
          <Group gap="sm">
            <Button
              component="a"
              href={signingRequestAddress}
              download
              size="xs"
              leftSection={<IconDownload size={14} aria-hidden="true" />}
            >
              {t('enrollment.push.download')}
            </Button>
            <Button size="xs" variant="default" loading={make.isPending} onClick={() => make.mutate(true)}>
              {t('enrollment.push.replace')}
            </Button>
          </Group>
          <Text size="xs" c="dimmed" role="status">
            {t('enrollment.push.made', { at: dateTime(request.createdAt) })}{' '}
            {t('enrollment.push.replace_hint')}
          </Text>
        </>
      )}
    </>
  )
}
