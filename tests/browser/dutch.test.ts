import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConsoleUnderTest, open, signIn, startConsole } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'

let system: ConsoleUnderTest

beforeAll(async () => {
  system = await startConsole()
  await bringInOrganization(system)
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test('the browser’s language greets, and a wrong password is explained in it', async () => {
  const { page } = await system.visit({ locale: 'nl-NL' })
  await page.goto('/sign-in')
  await page.getByRole('heading', { name: 'Aanmelden' }).waitFor()
  expect(await page.getAttribute('html', 'lang')).toBe('nl')
  await page.getByLabel('E-mailadres').fill('ada@example.org')
  await page.getByRole('textbox', { name: 'Wachtwoord' }).fill('not the password')
  await page.getByRole('button', { name: 'Aanmelden' }).click()
  await page.getByText('Het e-mailadres of het wachtwoord is onjuist.').waitFor()
  await page.context().close()
})

test('the chosen language holds for every page, its numbers and its dates, and comes along to another browser', async () => {
  const { page } = await system.visit()
  await signIn(page)
  await page.getByRole('button', { name: 'Language' }).click()
  await page.getByRole('menuitem', { name: 'Nederlands' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overzicht' }).waitFor()
  await page.getByText('5.664').waitFor()
  await page.getByText('12 apparaten wachten op een licentie van Partitura Pro.').waitFor()
  await open(page, '/tokens/1')
  await page
    .getByText(/\d{1,2} \p{L}+\.? 20\d\d/u)
    .first()
    .waitFor()

  const elsewhere = await system.visit({ locale: 'en-GB' })
  await signIn(elsewhere.page)
  await elsewhere.page.getByRole('heading', { level: 1, name: 'Overzicht' }).waitFor()
  await elsewhere.page.context().close()
  await page.context().close()
})
