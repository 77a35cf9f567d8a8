/** TypeScript types for an OpenAPI document. Lives here because the generator needs TypeScript 5's compiler API. */
import openapiTypescript, { astToString } from 'openapi-typescript'

const heading = `/**
 * The API's paths and shapes. Made from openapi.json by \`npm run build:openapi\`; never edited by hand.
 */

`

/** The text of `schema.d.ts` for this document. */
export async function typesOf(document: object): Promise<string> {
  const nodes = await openapiTypescript(JSON.stringify(document), {
    alphabetize: true,
    defaultNonNullable: false,
  })
  return heading + astToString(nodes)
}
