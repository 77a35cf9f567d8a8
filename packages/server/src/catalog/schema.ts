/** The HTTP contract of icons; titles are part of assets. */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'

export const getIcon = defineContract({
  method: 'GET',
  url: '/api/v1/icons/:country/:adamId',
  operationId: 'getIcon',
  summary: 'The icon of a title, fetched from Apple once and served from here',
  tags: ['Apps and books'],
  access: 'administrator',
  params: z.object({ country: z.string().regex(/^[A-Z]{2}$/), adamId: z.string().regex(/^\d{1,20}$/) }),
  response: { 200: { contentType: 'image/png', description: 'The image; PNG, JPEG or WebP' } },
})
