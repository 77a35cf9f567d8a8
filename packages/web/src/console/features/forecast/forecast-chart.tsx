import { useTranslation } from 'react-i18next'
import type { AssetForecast } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { chartShape } from './chart-scale.ts'
import styles from './forecast.module.css'
import { noonOf } from './forecast-text.ts'

/**
 * Licenses in use over the last days, and what will be asked for: a line, a broken line with its range around it, and what
 * is owned. Said in a sentence to those who do not see it.
 */
export function ForecastChart({ asset }: { readonly asset: AssetForecast }) {
  const { t } = useTranslation()
  const { number, date } = useFormats()
  const shape = chartShape(asset)
  const day = (of: { readonly day: string } | undefined) => (of === undefined ? '' : date(noonOf(of.day)))
  const last = asset.forecast?.outlook.at(-1)
  const label = t('forecast.chart.label', {
    from: day(asset.history[0]),
    first: number(asset.history[0]?.used ?? 0),
    used: number(asset.used),
    to: day(last),
    expected: number(Math.round(last?.expected ?? 0)),
    owned: number(asset.owned ?? 0),
  })
  const keys = ['used', 'expected', ...(shape.band === '' ? [] : ['band' as const]), 'owned'] as const
  return (
    <figure className={styles.figure}>
      <div className={styles.chart} role="img" aria-label={label}>
        {shape.ticks.map(({ licenses, up }) => (
          <span key={licenses} className={`numbers ${styles.tick}`} style={{ bottom: `${up}%` }}>
            {number(licenses)}
          </span>
        ))}
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" className={styles.plot} aria-hidden="true">
          {shape.ticks.map(({ licenses, up }) => (
            <path key={licenses} d={`M0 ${100 - up}H100`} className={styles.grid} />
          ))}
          {shape.band !== '' && <path d={shape.band} className={styles.band} />}
          <path d={`M${shape.today} 0V100`} className={styles.today} />
          <path d={`M0 ${100 - shape.owned}H100`} className={styles.owned} />
          <path d={shape.used} className={styles.used} />
          <path d={shape.expected} className={styles.expected} />
        </svg>
        {/* With few days behind it, the first day would stand under the word for today. */}
        {shape.today > 35 && (
          <span className={styles.day} style={{ left: 0 }}>
            {day(asset.history[0])}
          </span>
        )}
        <span className={`${styles.day} ${styles.now}`} style={{ left: `${shape.today}%` }}>
          {t('forecast.chart.today')}
        </span>
        <span className={styles.day} style={{ right: 0 }}>
          {day(last)}
        </span>
      </div>
      <figcaption className={styles.keys} aria-hidden="true">
        {keys.map((key) => (
          <span key={key}>
            <svg viewBox="0 0 24 12" className={styles.sample} aria-hidden="true">
              <path d={key === 'band' ? 'M0 0H24V12H0Z' : 'M0 6H24'} className={styles[key]} />
            </svg>
            {t(`forecast.chart.${key}`)}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
