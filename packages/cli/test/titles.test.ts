import { expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion, page } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { assetRow, titleRow } from './support/rows.ts'

const listed = (changes: Parameters<typeof titleRow>[0] = {}) => ({ ...titleRow(changes), pools: 2 })

test('apps --by title asks for titles with the same filters, and names pools without a limit beside the number', async () => {
  const { stdout, sent } = await apportion(['apps', '--by', 'title', '--show', 'changed', '--sort', 'used'], {
    serve: routes({
      'GET /api/v1/titles': page(listed({ notices: [{ code: 'not_in_store', pools: 1 }] })),
    }),
  })
  expect(sent[0]?.path).toBe('/api/v1/titles?sort=used&show=changed&limit=100')
  expect(stdout).toContain('60 + unlimited')
  expect(stdout).toContain('not in the store')
})

test('apps --by title --csv gives the titles that the filters leave', async () => {
  const { stdout, sent } = await apportion(['apps', '--by', 'title', '--csv', '--search', 'atlas'], {
    serve: routes({
      'GET /api/v1/titles.csv': () => new Response('a,b', { headers: { 'content-type': 'text/csv' } }),
    }),
  })
  expect(sent[0]?.path).toBe('/api/v1/titles.csv?show=all&q=atlas')
  expect(stdout).toBe('a,b')
})

const serve = routes({
  'GET /api/v1/titles/9041000017': titleRow(),
  'GET /api/v1/titles?': page(listed()),
  'GET /api/v1/tokens': page({ id: 2, name: 'Head office' }),
  'GET /api/v1/assignments': page(),
  'GET /api/v1/assets?': page(assetRow()),
})

test('apps show gives the pools of a title that several locations own', async () => {
  const { code, stdout } = await apportion(['apps', 'show', 'star atlas'], { serve })
  expect(code).toBe(exitCode.ok)
  expect(stdout).toMatch(/12 +Head office +BE/)
  expect(stdout).toContain('40 of 100 used, 60 available, 7 used, unlimited')
})

test('apps show --token gives the one of that content token', async () => {
  const { code, stdout } = await apportion(['apps', 'show', 'Star Atlas', '--token', 'Head office'], {
    serve,
  })
  expect(code).toBe(exitCode.ok)
  expect(stdout).toContain('Not assigned.')
})

test('apps show gives a title that one location owns as before, with its assignments', async () => {
  const one = routes({
    'GET /api/v1/titles?': page({ ...listed(), pools: 1 }),
    'GET /api/v1/assignments': page(),
    'GET /api/v1/assets?': page(assetRow()),
  })
  const { stdout } = await apportion(['apps', 'show', 'Star Atlas'], { serve: one })
  expect(stdout).toContain('Not assigned.')
})
