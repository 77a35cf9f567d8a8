/** A real Chromium for the tests: the machine's own, else the one that comes as an npm package. */
import { accessSync, constants } from 'node:fs'
import bundled from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** CHROMIUM, when set, names the program to use. */
export async function openBrowser(): Promise<Browser> {
  const given = process.env.CHROMIUM
  const installed = given ?? places.find(canRun)
  // Root, as in a container, has no sandbox.
  if (installed !== undefined) {
    return await chromium.launch({ executablePath: installed, args: ['--no-sandbox'] })
  }
  const args = bundled.args.filter((arg) => !unwanted.includes(arg))
  return await chromium.launch({ executablePath: await bundled.executablePath(), args })
}

/**
 * What the package adds for machines of a few hundred megabytes: in one process the browser dies as a page closes
 * while another opens; and pages are to obey the web's rules, which the others lift.
 */
const unwanted: readonly string[] = [
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
]

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
