/** Reads property lists in XML. The DOCTYPE is passed over: nothing is fetched, and no entity of its own is known. */
import { SaxesParser } from 'saxes'
import {
  emptyDict,
  malformed,
  PlistBounds,
  PlistError,
  type PlistValue,
  setOnce,
  wholeNumber,
} from './plist-value.ts'

/** Throws `PlistError`. */
export function readXmlPlist(bytes: Uint8Array): PlistValue {
  const tree = new PlistTree()
  const parser = new SaxesParser()
  parser.on('error', () => {
    throw malformed('it is not well-formed XML')
  })
  parser.on('opentag', (tag) => tree.open(tag.name))
  parser.on('text', (text) => tree.text(text))
  parser.on('cdata', (text) => tree.text(text))
  parser.on('closetag', (tag) => tree.close(tag.name))
  try {
    parser.write(decodeUtf8(bytes)).close()
  } catch (error) {
    // The parser throws errors of its own for some input, a document without a root for one.
    throw error instanceof PlistError ? error : malformed('it is not well-formed XML')
  }
  return tree.root()
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('it is not UTF-8')
  }
}

/** An element that is open: what it has taken in so far. */
type Open =
  | { readonly kind: 'plist'; value: PlistValue | undefined }
  | { readonly kind: 'dict'; readonly dict: Record<string, PlistValue>; key: string | undefined }
  | { readonly kind: 'array'; readonly list: PlistValue[] }
  | { readonly kind: 'leaf'; text: string }

const LEAVES = new Set(['string', 'integer', 'real', 'true', 'false', 'data', 'date', 'key'])

class PlistTree {
  readonly #path: Open[] = []
  readonly #bounds = new PlistBounds()
  #root: PlistValue | undefined

  root(): PlistValue {
    if (this.#root === undefined) throw malformed('it holds no value')
    return this.#root
  }

  open(name: string): void {
    const around = this.#path.at(-1)
    if ((name === 'plist') !== (around === undefined)) throw malformed(`<${shown(name)}> is out of place`)
    if (around?.kind === 'leaf') throw malformed('a value stands inside a plain value')
    if (around?.kind === 'dict') expectKey(around, name)
    if (name === 'key' && around?.kind !== 'dict') throw malformed('a key stands outside of a dictionary')
    const opened = openElement(name)
    // The root stands on the path too and is no container, so a container adds nothing to its length.
    if (opened.kind !== 'plist') this.#bounds.count(this.#path.length - (opened.kind === 'leaf' ? 1 : 0))
    this.#path.push(opened)
  }

  text(text: string): void {
    const around = this.#path.at(-1)
    if (around?.kind === 'leaf') around.text += text
    else if (/[^ \t\r\n]/.test(text)) throw malformed('text stands between values')
  }

  close(name: string): void {
    const closed = this.#path.pop()
    if (closed === undefined) throw malformed('an element ends that did not begin')
    if (closed.kind === 'plist') {
      this.#root = closed.value
      return
    }
    const around = this.#path.at(-1)
    if (name === 'key' && around?.kind === 'dict' && closed.kind === 'leaf') around.key = closed.text
    else put(around, elementValue(name, closed))
  }
}

function openElement(name: string): Open {
  if (name === 'plist') return { kind: 'plist', value: undefined }
  if (name === 'dict') return { kind: 'dict', dict: emptyDict(), key: undefined }
  if (name === 'array') return { kind: 'array', list: [] }
  if (LEAVES.has(name)) return { kind: 'leaf', text: '' }
  throw malformed(`<${shown(name)}> is no value`)
}

/** Keys and values take turns. */
function expectKey({ key }: { readonly key: string | undefined }, name: string): void {
  if ((key === undefined) !== (name === 'key')) throw malformed('keys and values do not take turns')
}

function put(around: Open | undefined, value: PlistValue): void {
  if (around?.kind === 'array') around.list.push(value)
  else if (around?.kind === 'dict' && around.key !== undefined) {
    setOnce(around.dict, around.key, value)
    around.key = undefined
  } else if (around?.kind === 'plist' && around.value === undefined) around.value = value
  else throw malformed('it holds more than one value')
}

function elementValue(name: string, closed: Open): PlistValue {
  if (closed.kind === 'array') return closed.list
  if (closed.kind === 'dict') {
    if (closed.key !== undefined) throw malformed('a key has no value')
    return closed.dict
  }
  if (closed.kind === 'plist') throw malformed('<plist> is out of place')
  return leafValue(name, closed.text)
}

function leafValue(name: string, text: string): PlistValue {
  if (name === 'string') return text
  if (name === 'true' || name === 'false') {
    if (text !== '') throw malformed(`<${name}> is not empty`)
    return name === 'true'
  }
  const value = PLAIN[name]?.(text.trim())
  if (value === undefined) throw malformed(`<${shown(name)}> holds something else`)
  return value
}

const PLAIN: Readonly<Record<string, (text: string) => PlistValue | undefined>> = {
  integer: integerOf,
  real: realOf,
  data: dataOf,
  date: dateOf,
}

/** The longest 64-bit number has 20 digits; longer texts are not even tried. */
function integerOf(text: string): PlistValue | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined
  return wholeNumber(BigInt(text.replace(/^\+/, '')))
}

function realOf(text: string): PlistValue | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

function dataOf(text: string): PlistValue | undefined {
  const base64 = text.replace(/[ \t\r\n]+/g, '')
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}

function dateOf(text: string): PlistValue | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return undefined
  const date = new Date(text)
  // 30 February would become 2 March; a date that does not come back as written is no date.
  const isDate = !Number.isNaN(date.getTime()) && `${date.toISOString().slice(0, 19)}Z` === text
  return isDate ? date : undefined
}

/** The name of an element for a message, cut: it is not ours. */
const shown = (name: string): string => name.slice(0, 40)
