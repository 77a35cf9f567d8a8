import { Code, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { InstallCause } from '../../../shared/api/shapes.ts'
import { hasWords } from './has-words.ts'
import styles from './installs.module.css'

/** Why an installation stands as it does, in a sentence of the console's language. */
export function useCauseText(): (cause: Pick<InstallCause, 'code'> | null) => string {
  const { t } = useTranslation()
  return (cause) => t(`installs.causes.${cause?.code ?? 'waits'}`)
}

/** The device's own words with Apple's numbers, and Intune's for the same, out of the way until somebody looks. */
export function DeviceWords({ cause }: { readonly cause: InstallCause }) {
  const { t } = useTranslation()
  if (!hasWords(cause)) return null
  return (
    <details className={styles.words}>
      <summary>{t('installs.words')}</summary>
      <WordsList cause={cause} />
    </details>
  )
}

/** The same, open. */
export function WordsList({ cause }: { readonly cause: InstallCause }) {
  const { t } = useTranslation()
  const { word, errors, intuneNumber } = cause
  return (
    <dl className={styles.wordsList}>
      {word !== null && (
        <div>
          <dt>{t('installs.word')}</dt>
          <dd>
            <Code>{word}</Code>
          </dd>
        </div>
      )}
      {errors.map(({ domain, code, text }) => (
        <div key={`${domain} ${code}`}>
          <dt>{t('installs.apple_number')}</dt>
          <dd>
            <Code data-apple-number={code}>{code}</Code>{' '}
            <Text size="xs" c="dimmed" span>
              {domain}
            </Text>
            {text !== '' && <div>{text}</div>}
          </dd>
        </div>
      ))}
      {intuneNumber !== null && (
        <div>
          <dt>{t('installs.intune_number')}</dt>
          <dd>
            <Code data-intune-number={intuneNumber}>{intuneNumber}</Code>
          </dd>
        </div>
      )}
    </dl>
  )
}
