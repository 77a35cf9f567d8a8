/**
 * What was noticed of titles in the last 30 days (C4), for the overview: what hurts somebody one by one, with what to
 * do; new names and prices as one line.
 */
import { sql } from 'kysely'
import type { z } from 'zod'
import { changesCountSince } from '../catalog/recent.ts'
import type { Db } from '../platform/db/database.ts'
import type { overview } from './schema.ts'

type Attention = z.output<typeof overview>['attention'][number]
type NoticeCode =
  | 'title_not_licensed'
  | 'title_not_in_store'
  | 'title_not_device_assignable'
  | 'title_became_limited'

/** Of each kind so many at most; the list of apps has them all. */
const mostOfAKind = 5

/** Lines of the attention list. A notice is one only while the asset is assigned or held. */
export async function noticedTitles(db: Db, now: Date): Promise<readonly Attention[]> {
  const since = changesCountSince(now)
  const [noticed, changed] = [await neededNotices(db, since), await countChanged(db, since)]
  return [...noticed.map(presentNotice), ...presentChanged(changed)]
}

interface NoticeRow {
  readonly id: number
  readonly name: string
  readonly code: NoticeCode
  readonly at: Date
}

async function neededNotices(db: Db, since: Date): Promise<readonly NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    WITH recent AS (
      SELECT a.id, c.code, c.at FROM assets a JOIN locations l ON l.id = a.location_id
      LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
      CROSS JOIN LATERAL (VALUES ('title_not_licensed', a.unlicensed_since), ('title_not_in_store', t.not_in_store_since),
        ('title_not_device_assignable', a.unassignable_since),
        ('title_became_limited', CASE WHEN NOT a.unlimited AND a.gone_at IS NULL THEN (SELECT max(h.at)
          FROM title_changes h WHERE h.asset_id = a.id AND h.change = 'became_limited') END)) AS c(code, at)
      WHERE c.at >= ${since}
        AND (a.held + a.reserved > 0 OR EXISTS (SELECT FROM assignments s WHERE s.asset_id = a.id))
    ), ranked AS (
      SELECT r.*, row_number() OVER (PARTITION BY r.code ORDER BY r.at DESC, r.id) AS place FROM recent r
    )
    SELECT r.id, r.code, r.at, coalesce(t.name, a.adam_id) AS name FROM ranked r JOIN assets a ON a.id = r.id
    JOIN locations l ON l.id = a.location_id LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    WHERE r.place <= ${mostOfAKind} ORDER BY r.at DESC, r.id`.execute(db)
  return rows
}

async function countChanged(db: Db, since: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(DISTINCT adam_id)::int AS n FROM title_changes
    WHERE at >= ${since} AND change IN ('renamed', 'price_changed', 'became_unlimited')`.execute(db)
  return rows[0]?.n ?? 0
}

/** What it means and what to do about it. */
const sentences: Readonly<Record<NoticeCode, string>> = {
  title_not_licensed:
    'no licenses are owned any more: nobody new gets it. Buy licenses at Apple, or remove its assignments.',
  title_not_in_store:
    'the store no longer has it: devices that have it keep it, new ones may not get it. Ask the publisher, or assign another.',
  title_not_device_assignable:
    'Apple gives it to users only from now on: devices get no new license. Look for another app.',
  title_became_limited: 'it is no longer unlimited: licenses can run out. Check whether enough are owned.',
}

function presentNotice({ id, name, code, at }: NoticeRow): Attention {
  return {
    severity: 'warning',
    code,
    text: `${name}: ${sentences[code]}`,
    tokenId: null,
    assetId: id,
    count: null,
    name,
    at: at.toISOString(),
  }
}

function presentChanged(count: number): readonly Attention[] {
  if (count === 0) return []
  const text = `${count} ${count === 1 ? 'title has' : 'titles have'} a new name or price, or became unlimited, in the last 30 days.`
  return [
    {
      severity: 'notice',
      code: 'titles_changed',
      text,
      tokenId: null,
      assetId: null,
      count,
      name: null,
      at: null,
    },
  ]
}
