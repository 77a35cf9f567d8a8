/** Devices that send what they have signed, as a process of its own, so that it is not measured with the server. */
import { Agent, request } from 'node:http'

/** A message, signed. */
export interface SignedReport {
  readonly body: string
  readonly signature: string
}

/** Each conversation is sent one message after another, many conversations at a time. */
export interface DeviceLoad {
  readonly url: string
  readonly conversations: readonly (readonly SignedReport[])[]
  readonly atOnce: number
}

export interface LoadResult {
  readonly seconds: number
  readonly p99Milliseconds: number
  readonly statuses: Readonly<Record<string, number>>
  /** Answers that held a command. */
  readonly told: number
}

process.on('message', (load: DeviceLoad) => {
  void run(load).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit(0))

async function run({ url, conversations, atOnce }: DeviceLoad): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const took: number[] = []
  const statuses: Record<string, number> = {}
  let told = 0
  let next = 0
  const started = performance.now()
  const work = async () => {
    for (let mine = next++; mine < conversations.length; mine = next++) {
      for (const report of conversations[mine] ?? []) {
        const begun = performance.now()
        const { status, length } = await put(agent, url, report)
        took.push(performance.now() - begun)
        statuses[status] = (statuses[status] ?? 0) + 1
        if (length > 0) told++
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const seconds = (performance.now() - started) / 1000
  agent.destroy()
  took.sort((a, b) => a - b)
  return { seconds, p99Milliseconds: took[Math.floor(took.length * 0.99)] ?? 0, statuses, told }
}

function put(
  agent: Agent,
  url: string,
  { body, signature }: SignedReport,
): Promise<{ readonly status: number; readonly length: number }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-apple-aspen-mdm; charset=UTF-8',
      'content-length': Buffer.byteLength(body),
      'mdm-signature': signature,
    }
    const sent = request(`${url}/mdm`, { method: 'PUT', agent, headers }, (response) => {
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, length }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
