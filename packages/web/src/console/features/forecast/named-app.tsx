import { Text } from '@mantine/core'
import type { ForecastLine } from '../../../shared/api/shapes.ts'
import { AppIcon } from '../../../shared/ui/app-icon.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import styles from '../apps/apps.module.css'

/** An app with the content token that owns it, leading to its forecast. */
export function NamedApp({
  line: { assetId, name, iconUrl, token },
}: {
  readonly line: Pick<ForecastLine, 'assetId' | 'name' | 'iconUrl' | 'token'>
}) {
  return (
    <div className={styles.title}>
      <AppIcon url={iconUrl} />
      <div className={styles.names}>
        <RowLink to="/apps/$id" params={{ id: assetId }} search={{ tab: 'forecast' }}>
          {name}
        </RowLink>
        <Text size="xs" c="dimmed" className="truncate">
          {token.name}
        </Text>
      </div>
    </div>
  )
}
