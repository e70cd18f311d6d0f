import { expect, test } from 'bun:test'
import { Elysia, t } from 'elysia'
import { mendFramework } from '../../src/http/mend-framework.ts'

test('an id is what the database reads as one, in whatever letters', async () => {
  mendFramework()
  const app = new Elysia().get('/', () => 'let in', { query: t.Object({ id: t.String({ format: 'uuid' }) }) })
  const statusOf = async (id: string) => (await app.handle(new Request(`http://localhost/?id=${id}`))).status
  const id = '01a1fe27-58e6-73d8-9f63-51e0986dc3c7'
  expect(await statusOf(id)).toBe(200)
  expect(await statusOf(id.toUpperCase())).toBe(200)
  expect(await statusOf(`urn:uuid:${id}`)).toBe(422)
  expect(await statusOf(`{${id}}`)).toBe(422)
})
