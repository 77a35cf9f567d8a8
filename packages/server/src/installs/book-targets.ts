/** Where books meant for a person go: to those of the person's devices that take them (U2). */
import { enrolmentKinds } from '@apportion/core/assignments/license-rule'
import { bookPlatforms, takesBooks } from '@apportion/core/installs/wish'
import { type RawBuilder, sql } from 'kysely'

const pairs = bookPlatforms.flatMap((platform) =>
  enrolmentKinds
    .filter((enrolment) => takesBooks({ platform, enrolment, hasUser: true }))
    .map((enrolment) => sql`(${platform}, ${enrolment})`),
)

/** Whether a device `d` that has a user takes the user's books, by `takesBooks` of core. */
export const takesBooksOfUser: RawBuilder<unknown> = sql`((d.platform,
  enrolment_kind(d.enrollment_type, d.kiosk, d.ownership, d.supervised)) IN (${sql.join(pairs)}))`

/** The rows of `targets`, with the device beside as `for_device`, that mean something for devices `d` in the condition. */
export function targetsForDevices(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`SELECT t.*, d.id AS for_device FROM devices d JOIN targets t ON t.device_id = d.id WHERE ${condition}
    UNION ALL SELECT t.*, d.id FROM devices d JOIN targets t ON t.user_id = d.user_id
      JOIN assets b ON b.id = t.asset_id AND b.product_type = 'Book' WHERE ${condition} AND ${takesBooksOfUser}`
}
