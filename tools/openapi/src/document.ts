/** The OpenAPI document that follows from the contracts alone, without a database or a listener. */
import { collectOpenApi } from '@apportion/server/platform/http/openapi'
import { type Contract, route } from '@apportion/server/platform/http/routes'
import fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { sortedDocument } from './sorted.ts'

/** As the server serves it, but sorted, so that the same contracts give the same text. */
export async function documentOf(contracts: readonly Contract[], version: string): Promise<object> {
  const app = fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await collectOpenApi(app, version)
  for (const contract of contracts) {
    route(app, contract, () => {
      throw new Error(`${contract.operationId} is only described here`)
    })
  }
  await app.ready()
  return sortedDocument(app.swagger())
}
