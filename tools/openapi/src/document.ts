/** The OpenAPI document that follows from the contracts alone, without starting a server. */

import { type Contract, route } from '@apportion/server/platform/http/routes'
import swagger from '@fastify/swagger'
import fastify from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { sortedDocument } from './sorted.ts'

/** The document as OpenAPI 3.1, with sorted paths and keys, so that the same contracts give the same text. */
export async function documentOf(contracts: readonly Contract[], version: string): Promise<object> {
  const app = fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Apportion', version },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'apportion_session' },
          apiKey: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  for (const contract of contracts) {
    route(app, contract, () => {
      throw new Error(`${contract.operationId} is only described here`)
    })
  }
  await app.ready()
  return sortedDocument(app.swagger())
}
