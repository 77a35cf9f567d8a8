/** The OpenAPI 3.1 document, made from the contracts, and a page to read it (P4). */
import { randomBytes } from 'node:crypto'
import fastifySwagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { sessionCookieNames } from '../auth/cookie.ts'
import { pagePolicy } from './console.ts'
import type { HttpApp } from './routes.ts'

export const openApiUrl = '/api/v1/openapi.json'
export const docsUrl = '/api/v1/docs'

/** Collects every contract declared after it. */
export async function collectOpenApi(app: HttpApp, version: string): Promise<void> {
  const completed = createJsonSchemaTransformObject({})
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Apportion',
        version,
        description:
          'Apps and books bought in volume from Apple: content tokens, licenses, assignments. Problems are RFC 9457 documents with a stable `code`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: sessionCookieNames.plain,
            description:
              'Set by POST /api/v1/session. Requests that change something also need x-csrf-token.',
          },
          apiKey: { type: 'http', scheme: 'bearer', description: 'A key made with POST /api/v1/api-keys.' },
        },
      },
    },
    transform: createJsonSchemaTransform({}),
    transformObject: (document) => tidied(completed(document)),
  })
}

/** Serves the document and the page. */
export async function serveOpenApi(app: HttpApp): Promise<void> {
  let document: string | undefined
  app.get(openApiUrl, { schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(app.swagger())
    return reply.type('application/json').header('cache-control', 'no-cache').send(document)
  })
  await app.register(async (docs) => {
    // The reader comes with an inline script: each answer gets a nonce of its own for it.
    docs.addHook('onSend', async (_request, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html')
      if (!isPage || typeof payload !== 'string') return payload
      const nonce = randomBytes(16).toString('base64')
      // The reader writes styles of its own into the page; scripts stay strict.
      reply.header('content-security-policy', pagePolicy(nonce, "'unsafe-inline'"))
      return payload.replaceAll('<script', `<script nonce="${nonce}"`)
    })
    await docs.register(scalar, {
      routePrefix: docsUrl,
      configuration: {
        url: openApiUrl,
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
        defaultOpenAllTags: false,
      },
    })
  })
}

/** Removes what makes generated clients noisy: components nobody refers to, a pattern beside a format. */
function tidied<Document extends object>(document: Document): Document {
  const plain: unknown = JSON.parse(JSON.stringify(document), (_key, value: unknown) => withoutPattern(value))
  const used = referenced(plain)
  const components = Reflect.get(Object(plain), 'components') as
    | { schemas?: Record<string, unknown> }
    | undefined
  for (const name of Object.keys(components?.schemas ?? {})) {
    if (!used.has(name)) delete components?.schemas?.[name]
  }
  // Same document, fewer members.
  return plain as Document
}

function withoutPattern(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('format' in value) || !('pattern' in value))
    return value
  const { pattern: _, ...rest } = value
  return rest
}

/** Names of the schemas that the paths refer to, directly or through other schemas. */
function referenced(document: unknown): ReadonlySet<string> {
  const schemas: Record<string, unknown> = Reflect.get(
    Object(Reflect.get(Object(document), 'components')),
    'schemas',
  ) as Record<string, unknown>
  const used = new Set<string>()
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || used.has(name)) continue
      used.add(name)
      visit(schemas?.[name])
    }
  }
  visit(Reflect.get(Object(document), 'paths'))
  return used
}
