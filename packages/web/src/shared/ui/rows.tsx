import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Page } from '../api/pages.ts'
import { useFormats } from '../i18n/formats.ts'
import { ProblemAlert } from './problem.tsx'
import styles from './rows.module.css'

/** A column of a list. `width` as CSS; columns without one share what is left. */
export interface Column<Row> {
  readonly key: string
  readonly header: string
  /** Said to a screen reader only, where the cells speak for themselves. */
  readonly hiddenHeader?: boolean
  readonly width?: string
  readonly align?: 'end'
  /** The width on a phone, where columns else share the room equally. */
  readonly phoneWidth?: string
  /** Hidden on screens narrower than this, where room is scarce. */
  readonly from?: 'xs' | 'md' | 'lg'
  readonly cell: (row: Row) => ReactNode
}

type PagedResult<Row> = UseInfiniteQueryResult<InfiniteData<Page<Row>>>

interface RowsProps<Row> {
  /** Names the table for those who do not see it. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly result: PagedResult<Row>
  readonly rowKey: (row: Row) => string | number
  /** In pixels; every row has the same, so that nothing moves while rows load. */
  readonly rowHeight?: number
  /** Shown when the list has no rows. */
  readonly empty: ReactNode
  /** How many rows to sketch while the first page loads. */
  readonly sketched?: number
}

const overscan = 12

/**
 * A list of any length: a real table of which only the rows in sight exist, that reads further pages
 * when its end comes near. While it loads it is sketched in its final size; a failure offers to retry.
 */
export function Rows<Row>(props: RowsProps<Row>) {
  const { columns, result, rowHeight = 56, empty, label, sketched = 12 } = props
  const rows = result.data?.pages.flatMap((page) => page.items) ?? []
  if (result.isError && rows.length === 0) {
    return (
      <div style={{ padding: 20 }}>
        <ProblemAlert error={result.error} onRetry={() => void result.refetch()} />
      </div>
    )
  }
  if (result.isSuccess && rows.length === 0) return empty
  const style: CSSProperties & { '--row-height': string } = { '--row-height': `${rowHeight}px` }
  const count = result.hasNextPage ? -1 : rows.length + 1
  return (
    <>
      <table
        className={styles.table}
        style={style}
        aria-label={label}
        aria-busy={result.isPending}
        aria-rowcount={result.isPending ? -1 : count}
      >
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={cellClass(column)} style={widthOf(column)}>
                {column.hiddenHeader ? <VisuallyHidden>{column.header}</VisuallyHidden> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        {result.isPending ? (
          <SketchedRows columns={columns} count={sketched} />
        ) : (
          <LiveRows {...props} rows={rows} rowHeight={rowHeight} />
        )}
      </table>
      {!result.isPending && <Foot result={result} shown={rows.length} />}
    </>
  )
}

function LiveRows<Row>(
  props: RowsProps<Row> & { readonly rows: readonly Row[]; readonly rowHeight: number },
) {
  const { columns, rows, rowKey, rowHeight, result } = props
  const body = useRef<HTMLTableSectionElement>(null)
  const [top, setTop] = useState(0)
  // What lies above the list can change its height, so this is measured after every render.
  useLayoutEffect(() => {
    const place = body.current?.getBoundingClientRect().top ?? 0
    setTop(Math.round(place + window.scrollY))
  })
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin: top,
  })
  const items = virtual.getVirtualItems()
  const first = items.at(0)
  const last = items.at(-1)
  useReadingOn(result, last !== undefined && last.index >= rows.length - overscan)
  const above = (first?.start ?? top) - top
  const below = virtual.getTotalSize() - ((last?.end ?? top) - top)
  return (
    <tbody ref={body}>
      <Spacer height={above} />
      {items.map(({ index }) => {
        const row = rows[index]
        if (row === undefined) return null
        return (
          <tr key={rowKey(row)} className={styles.row} aria-rowindex={index + 2}>
            {columns.map((column) => (
              <td key={column.key} className={cellClass(column)}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        )
      })}
      <Spacer height={below} />
    </tbody>
  )
}

/** Reads the next page when the end is near. After a failure only the button does. */
function useReadingOn<Row>(result: PagedResult<Row>, near: boolean): void {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = result
  useEffect(() => {
    if (near && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }, [near, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage])
}

/** Keeps the height of the rows that are out of sight. */
function Spacer({ height }: { readonly height: number }) {
  if (height <= 0) return null
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row without content cannot take the focus
    <tr aria-hidden="true">
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}

function SketchedRows<Row>({
  columns,
  count,
}: {
  readonly columns: readonly Column<Row>[]
  readonly count: number
}) {
  return (
    <tbody aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sketched rows have nothing else and never move
        <tr key={index}>
          {columns.map((column, place) => (
            <td key={column.key} className={cellClass(column)}>
              <Skeleton
                height={12}
                width={place === 0 ? `${45 + ((index * 17) % 40)}%` : '60%'}
                radius="sm"
              />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  )
}

function Foot<Row>({ result, shown }: { readonly result: PagedResult<Row>; readonly shown: number }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  return (
    <div className={styles.foot}>
      <span role="status">
        {t(result.hasNextPage ? 'common.rows_so_far' : 'common.rows', {
          count: shown,
          shown: number(shown),
        })}
      </span>
      {result.hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={result.isFetchingNextPage}
          onClick={() => void result.fetchNextPage()}
        >
          {t('common.load_more')}
        </Button>
      )}
    </div>
  )
}

function cellClass<Row>({ align, from }: Column<Row>): string {
  const classes = [align === 'end' && styles.end, from === 'xs' && styles.fromXs]
  classes.push(from === 'md' && styles.fromMd, from === 'lg' && styles.fromLg)
  return classes.filter((name) => name !== false).join(' ')
}

function widthOf<Row>({ width, phoneWidth }: Column<Row>): CSSProperties & Record<`--${string}`, string> {
  return { '--width': width ?? 'auto', '--phone-width': phoneWidth ?? 'auto' }
}
