/** Imports of devices, users and groups from CSV (P3). */
import { csvUpload, unwrap } from '@apportion/api-client/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { ImportResult } from '../../../shared/api/shapes.ts'

export interface ImportRequest {
  readonly kind: ImportResult['kind']
  readonly onError: ImportResult['onError']
  readonly file: File
}

/** Sends the file as its bytes, so that the server can see a wrong encoding. */
export function useImport() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ kind, onError, file }: ImportRequest) =>
      unwrap(
        await api.POST('/api/v1/imports', {
          params: { query: { kind, onError, fileName: file.name.slice(0, 255) } },
          ...csvUpload(file),
        }),
      ),
    onSuccess: async () => {
      const concerned = ['imports', 'devices', 'users', 'groups', 'assets', 'overview']
      await Promise.all(concerned.map((key) => queries.invalidateQueries({ queryKey: [key] })))
    },
  })
}

export function importsQuery() {
  return pagedQuery(['imports'], async ({ cursor, signal }) =>
    unwrap(await api.GET('/api/v1/imports', { params: { query: setOnly({ cursor, limit: 20 }) }, signal })),
  )
}
