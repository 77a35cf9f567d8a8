/** The directory as a feature of the server (A1, P3). */
import type { Feature } from '../feature.ts'
import { directoryRoutes } from './routes.ts'

/** Devices, users, groups and imports. */
export const directoryFeature: Feature = {
  name: 'directory',
  open: ({ database, clock, newId }) => ({
    routes: (app) => directoryRoutes(app, { db: database.kysely, pool: database.pool, clock, newId }),
  }),
}
