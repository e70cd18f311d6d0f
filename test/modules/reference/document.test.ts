import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { createApp } from '../../../src/app.ts'
import { templateOf } from '../../../src/modules/reference/make-document.ts'
import { startApp, type TestApp } from '../../support/harness.ts'
import { embeddedStack } from '../../support/stacks.ts'
import { fetchReference, operationsOf, type Reference } from './reference.ts'

setDefaultTimeout(30_000)

let app: TestApp
let reference: Reference
beforeAll(async () => {
  app = await startApp(embeddedStack)
  reference = await fetchReference(app.url)
})
afterAll(() => app[Symbol.asyncDispose]())

describe('the document', () => {
  test('is OpenAPI 3.1', async () => {
    expect(reference.openapi).toStartWith('3.1')
    const { valid, errors } = await new Validator().validate({ ...reference })
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
  })

  test('has every route but pages, and no other', () => {
    const described = operationsOf(reference).map(({ method, path }) => `${method} ${path}`)
    const all = createApp(app.deps).routes
    const isHidden = ({ hooks }: (typeof all)[number]) => hooks.detail?.hide === true
    const routes = all
      .filter((route) => !isHidden(route))
      .map(({ method, path }) => `${method} ${templateOf(path)}`)
    const hidden = all.filter(isHidden).map(({ path }) => path.replace('/cloudchat', ''))
    expect(hidden.filter((path) => /^\/(api|auth|v1)\b/.test(path))).toEqual([])
    const isBelowToo = (one: string) => reference.paths[one.split(' ')[1] ?? '']?.servers !== undefined
    const below = described.filter(isBelowToo).map((one) => one.replace(' ', ' /cloudchat'))
    expect([...described, ...below].sort()).toEqual([...new Set(routes)].sort())
  })

  test('has words for everything', () => {
    expect(unspoken(reference, '')).toEqual([])
    const operations = operationsOf(reference)
    const silent = operations.filter(({ summary, description, tags }) => !summary || !description || !tags[0])
    expect(silent.map(({ operationId }) => operationId)).toEqual([])
    const names = operations.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  test('is asked for anew each time, and sent once', async () => {
    const ask = (headers: Record<string, string>) => fetch(`${app.url}/api/v1/openapi.json`, { headers })
    const plain = await ask({ 'accept-encoding': 'identity' })
    const zipped = await ask({ 'accept-encoding': 'gzip' })
    expect(zipped.headers.get('content-encoding')).toBe('gzip')
    expect(await zipped.text()).toBe(await plain.text())
    for (const { headers } of [plain, zipped]) {
      expect(headers.get('cache-control')).toBe('no-cache')
      expect(headers.get('vary')).toBe('Accept-Encoding')
    }
    const etag = plain.headers.get('etag') ?? ''
    const again = await ask({ 'accept-encoding': 'identity', 'if-none-match': etag })
    expect(again.status).toBe(304)
  })
})

test('with ENABLE_DOCS off there is none', async () => {
  await using quiet = await startApp(embeddedStack, { ENABLE_DOCS: 'false' })
  for (const path of ['/api/v1/openapi.json', '/docs', '/redoc', '/cloudchat/docs', '/cloudchat/redoc']) {
    expect([path, (await fetch(quiet.url + path)).status]).toEqual([path, 404])
  }
})

/** Where a field or a parameter has no description. */
function unspoken(node: unknown, at: string): string[] {
  if (typeof node !== 'object' || node === null) return []
  const { properties, $ref, name, in: place, description } = node as Record<string, unknown>
  // Beside a reference stands only what narrows it.
  const fields = typeof properties === 'object' && $ref === undefined ? Object.entries(properties ?? {}) : []
  const silent = fields.filter(([, field]) => field.description === undefined && field.$ref === undefined)
  const isSilent = typeof name === 'string' && typeof place === 'string' && !description
  return [
    ...silent.map(([field]) => `${at}/${field}`),
    ...(isSilent ? [`${at}/${name}`] : []),
    ...Object.entries(node).flatMap(([key, child]) => unspoken(child, `${at}/${key}`)),
  ]
}
