/** Counting the seats of a subscription, and the days of its periods. */

/** Seats that go on after the period, and seats that end with it. */
export interface SeatCounts {
  readonly renewing: number
  readonly expiring: number
}

interface SeatsOwned {
  readonly total: SeatCounts
  readonly seats: ReadonlyMap<string, { readonly renewing: boolean }>
}

/** The seats of a subscription as Apple counts them. */
export function seatCounts({ total, seats }: SeatsOwned): {
  readonly assigned: SeatCounts
  readonly available: SeatCounts
  readonly total: SeatCounts
} {
  let renewing = 0
  for (const seat of seats.values()) if (seat.renewing) renewing++
  const assigned = { renewing, expiring: seats.size - renewing }
  return {
    assigned,
    available: {
      renewing: total.renewing - assigned.renewing,
      expiring: total.expiring - assigned.expiring,
    },
    total,
  }
}

/** The same day of a later month, or its last day where that month is shorter. */
export function monthsLater(day: string, months: number): string {
  const from = new Date(`${day}T00:00:00Z`)
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0))
  to.setUTCDate(Math.min(from.getUTCDate(), to.getUTCDate()))
  return to.toISOString().slice(0, 10)
}

/** Kind by kind. */
export const sumOfSeats = (a: SeatCounts, b: SeatCounts): SeatCounts => ({
  renewing: a.renewing + b.renewing,
  expiring: a.expiring + b.expiring,
})
