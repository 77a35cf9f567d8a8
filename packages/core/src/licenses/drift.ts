/**
 * Whether our list of an asset's holders can be Apple's, judged by Apple's counts alone (S2).
 *
 * Apple's changes since a version do not tell of licenses that were taken back, so a missing one shows only in the
 * counts: an asset whose counts do not add up is read anew, holder by holder.
 */

/** What Apple counted of one asset, and what we knew at that moment. */
export interface AssetCounts {
  /** Apple's count of licenses that somebody holds. */
  readonly assigned: number
  /** Licenses of retired users; whether Apple counts them as assigned too is not documented. */
  readonly retired: number
  /** Licenses in our list, those on their way back included. */
  readonly held: number
  /** Of `held`: on their way back, so Apple may count them or not. */
  readonly releasing: number
  /** On their way to a holder, so Apple may count them or not. */
  readonly granting: number
  /** Licenses that turned up since, which Apple may have counted already. */
  readonly found: number
  /** A difference that was there although both lists were found to be the same. */
  readonly gap: number
}

/** True when some order of what is under way explains Apple's count. */
export function countsAddUp(counts: AssetCounts): boolean {
  const least = counts.held - counts.releasing + counts.gap
  const most = counts.held + counts.granting + counts.found + counts.gap
  return [counts.assigned, counts.assigned + counts.retired].some((n) => n >= least && n <= most)
}

/** Licenses on a page of Apple's, for an estimate: "several hundred". */
const onPage = 500

/**
 * Whether reading some assets anew takes fewer requests than reading everything. Each asset takes one page at least;
 * `held` is our number of its holders, `all` that of the whole location.
 */
export function isCheaperByAsset({
  held,
  all,
}: {
  readonly held: readonly number[]
  readonly all: number
}): boolean {
  const pages = (licenses: number): number => Math.max(1, Math.ceil(licenses / onPage))
  return held.reduce((sum, each) => sum + pages(each), 0) <= pages(all)
}
