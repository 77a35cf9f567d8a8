import { Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ImportResult } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Notice } from '../../../shared/ui/notice.tsx'

/** What an import did, and each row that it did not take, with its line and the reason. */
export function ImportOutcome({ result }: { readonly result: ImportResult }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { kept, rows, created, updated, unchanged, rejected, rejections } = result
  const good = rejected === 0
  const title = good ? 'imports.done' : kept ? 'imports.partly' : 'imports.nothing_kept'
  return (
    <Stack data-import={kept ? 'kept' : 'refused'}>
      <Notice
        tone={good ? 'good' : kept ? 'warn' : 'bad'}
        role="status"
        title={t(title, { count: rejected, shown: number(rejected) })}
      >
        {kept
          ? t('imports.counts', {
              rows: number(rows),
              created: number(created),
              updated: number(updated),
              unchanged: number(unchanged),
              rejected: number(rejected),
            })
          : t('imports.mend')}
      </Notice>
      {rejections.length > 0 && (
        <section
          aria-label={t('imports.rejected')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
          tabIndex={0}
          style={{ maxHeight: '22rem', overflow: 'auto' }}
        >
          <Table stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('imports.line')}</Table.Th>
                <Table.Th scope="col">{t('imports.column')}</Table.Th>
                <Table.Th scope="col">{t('imports.value')}</Table.Th>
                <Table.Th scope="col">{t('imports.reason')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rejections.map(({ line, column, value, reason }) => (
                <Table.Tr key={`${line} ${column} ${reason}`}>
                  <Table.Td>{number(line)}</Table.Td>
                  <Table.Td>{column ?? '–'}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{value ?? '–'}</Table.Td>
                  <Table.Td>{reason}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {rejected > rejections.length && (
            <Text size="sm" c="dimmed" p="xs">
              {t('imports.first_only', { shown: number(rejections.length), all: number(rejected) })}
            </Text>
          )}
        </section>
      )}
    </Stack>
  )
}
