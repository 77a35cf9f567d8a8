import { expect, test } from 'vitest'
import { brokenLinks, linksOf } from './links.ts'

const guide = '# Guide\n\n## First steps, then more\n'

const cases: [title: string, text: string, broken: string[]][] = [
  ['a link to a document', 'See [the guide](docs/guide.md).', []],
  ['a link to a heading', 'See [it](docs/guide.md#first-steps-then-more).', []],
  ['a link to a heading of the same page', '# Top\n[up](#top)', []],
  ['a link to a file that is no document', '![picture](docs/a.png)', []],
  ['a link to a folder', '[all](docs/)', []],
  ['a link to another host', '[Apple](https://developer.apple.com/x)', []],
  ['a link in a code block', '```\n[no](nowhere.md)\n```\n`[no](nowhere.md)`', []],
  ['a missing document', '[gone](docs/gone.md)', ['docs/gone.md: no such file']],
  ['a missing heading', '[gone](docs/guide.md#gone)', ['docs/guide.md#gone: no such heading']],
  ['a named link', '[gone]: docs/gone.md', ['docs/gone.md: no such file']],
]

test.each(cases)('%s', (...[, text, broken]) => {
  const documents = new Map([
    ['README.md', text],
    ['docs/guide.md', guide],
  ])
  const found = brokenLinks(documents, (path) => ['docs/a.png', 'docs/'].includes(path))
  expect(found.map(({ link, reason }) => `${link}: ${reason}`)).toEqual(broken)
})

test('a link goes out from the folder of its document', () => {
  const documents = new Map([
    ['docs/guide.md', '[up](../README.md)'],
    ['README.md', ''],
  ])
  expect(brokenLinks(documents, () => false)).toEqual([])
})

test('titles and angle brackets are no part of a link', () => {
  expect(linksOf('[a](b.md "the b") [c](<d.md>)')).toEqual(['b.md', 'd.md'])
})
