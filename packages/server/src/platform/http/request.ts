/** What this server adds to Fastify's requests and routes. */
import type { Caller } from '../auth/actor.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; decided before any handler runs. */
    actor: Caller
  }

  interface FastifyContextConfig {
    /** From the route's contract; a route without it is served to anybody (static files, health). */
    readonly access?: 'public' | 'administrator'
  }
}
