/** The audit log as a feature: reading it. Writing is `record`, inside whatever is recorded (M4). */
import type { Feature } from '../feature.ts'
import { auditRoutes } from './routes.ts'

export const auditFeature: Feature = {
  name: 'audit',
  open: ({ database }) => ({ routes: (app) => auditRoutes(app, { db: database.kysely }) }),
}
