/** A simulated Apple with one location full of licenses, as a process of its own, so that it is not measured. */
import { startAppleSim } from '@apportion/apple-sim/apple-sim'

const [licenses = 100_000, assets = 10] = process.argv.slice(2).map(Number)

const apple = await startAppleSim({
  knobs: {
    pageSize: 1000,
    maxRequestPerSecond: Number.POSITIVE_INFINITY,
    limits: { maxRequestPerSecond: 1_000_000 },
  },
})
const location = apple.world.addLocation({ uId: '300', name: 'Bench', organizationName: 'Bench' })
for (let index = 0; index < assets; index++) {
  const adamId = String(900_000 + index)
  const count = Math.floor(licenses / assets)
  location.own({ adamId, total: count })
  location.fill(adamId, count)
}
process.send?.({
  origin: apple.origin,
  serviceConfigUrl: apple.serviceConfigUrl,
  token: location.mintToken().file,
})
process.on('disconnect', () => process.exit(0))
