/** `npm start`: the product itself, against Apple's real addresses, on the embedded database unless told otherwise. */
import { buildConsoleWhenStale } from './build-console.ts'

await buildConsoleWhenStale((text) => console.error(text))
await import('@apportion/server/main')
