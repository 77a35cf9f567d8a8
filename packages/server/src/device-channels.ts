/** The ways to reach devices, as one: parts that tell devices something know no more of them. */
import { joinChannels } from './devices/channel.ts'
import { mdmChannel } from './mdm/queue.ts'
import { nanoChannel } from './nanomdm/channel.ts'

/** The built-in endpoint, and NanoMDM. */
export const deviceChannels = joinChannels([mdmChannel, nanoChannel])
