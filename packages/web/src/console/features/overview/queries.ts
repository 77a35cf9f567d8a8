/** The state of everything (M2). */
import { unwrap } from '@apportion/api-client/client'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'

const whileWorking = 3_000
const whileResting = 30_000

/** Read again every few seconds while requests to Apple are open, and twice a minute otherwise. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: async ({ signal }) => unwrap(await api.GET('/api/v1/overview', { signal })),
  refetchInterval: ({ state }) => ((state.data?.operations.open ?? 0) > 0 ? whileWorking : whileResting),
})
