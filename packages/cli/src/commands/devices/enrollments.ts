/** `apportion devices enrollments`: who is under management, and who left (D1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { enrollmentColumns } from '../../output/enrollment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly search: string | undefined
  readonly state: 'authenticated' | 'enrolled' | 'left' | undefined
}

export const enrollments = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Devices under management and those that left, newest first' },
  parameters: {
    flags: {
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Start of the serial number',
        placeholder: 'TEXT',
      },
      state: {
        kind: 'enum',
        values: ['authenticated', 'enrolled', 'left'],
        optional: true,
        brief: 'Only those whose enrollment has begun, that are under management, or that left',
      },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ search, state, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const query = {
      ...(search === undefined ? {} : { q: search }),
      ...(state === undefined ? {} : { state }),
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/enrollments', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'No enrollment fits. Bring devices under management with: apportion links create'
        : table(found.items, enrollmentColumns(world.now(), world.timeZone), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})
