import { expect, setDefaultTimeout, test } from 'bun:test'
import { createId } from '../../../src/lib/ids.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { hostileValues } from '../../support/hostile.ts'
import { changed, converse, deleted, overhear, type Person, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

async function bulk(
  person: Person,
  ids: string[],
  action: string,
  tag?: string,
): Promise<Record<string, string>> {
  const { status, body } = await person.post('/conversations/bulk', { ids, action, ...(tag && { tag }) })
  expect(status).toBe(200)
  return Object.fromEntries(body.items.map((item: { id: string; status: string }) => [item.id, item.status]))
}

async function listed(person: Person, query = ''): Promise<string[]> {
  return (await person.get(`/conversations?${query}`)).body.items.map(({ id }: { id: string }) => id).sort()
}

describeOnBothStacks('many conversations at once', (start) => {
  test('each that is there is changed, and told of once; the others are said not to be there', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob } = at
    const [one, two, three] = await Promise.all([converse(ann), converse(ann), converse(ann)])
    const his = await converse(bob)
    const never = createId()
    const ids = [one, two, his, never, 'no id', one.toUpperCase()]
    const all = { [one]: 'ok', [two]: 'ok', [his]: 'not_found', [never]: 'not_found', 'no id': 'not_found' }
    const heard = overhear(ann)
    const heardByBob = overhear(bob)

    expect(await bulk(ann, ids, 'archive')).toEqual(all)
    expect(await listed(ann, 'archived=true')).toEqual([one, two].sort())
    await heard.until(2)
    expect(heard.events.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual(
      [one, two].sort().map(changed),
    )
    expect(await bulk(ann, ids, 'unarchive')).toEqual(all)
    expect(await listed(ann)).toEqual([one, two, three].sort())

    expect(await bulk(ann, ids, 'tag', 'Work')).toEqual(all)
    expect(await bulk(ann, [one], 'tag', 'work')).toEqual({ [one]: 'ok' })
    expect(await listed(ann, 'tag=work')).toEqual([one, two].sort())
    const [{ id: tagId, count }] = (await ann.get('/tags')).body.items
    expect(count).toBe(2)
    expect(await bulk(ann, [two, three, his], 'untag', tagId)).toEqual({
      [two]: 'ok',
      [three]: 'ok',
      [his]: 'not_found',
    })
    expect(await listed(ann, 'tag=work')).toEqual([one])

    expect(await bulk(ann, ids, 'delete')).toEqual(all)
    expect(await bulk(ann, [one, three], 'delete')).toEqual({ [one]: 'not_found', [three]: 'ok' })
    while (!Bun.deepEquals(heard.events.at(-1), deleted(three))) await heard.until(heard.events.length + 1)
    expect(await listed(ann)).toEqual([])
    for (const action of ['archive', 'unarchive', 'tag', 'untag']) {
      expect(await bulk(ann, [one], action, 'work')).toEqual({ [one]: 'not_found' })
    }
    expect(await bulk(ann, ids, 'restore')).toEqual(all)
    expect(await listed(ann)).toEqual([one, two].sort())
    expect(await listed(bob)).toEqual([his])
    expect(heardByBob.events).toEqual([])
  })

  test('a hundred in one go, and not one more', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const ids: string[] = []
    while (ids.length < 100) ids.push(...(await Promise.all(Array.from({ length: 20 }, () => converse(ann)))))
    const [there, back] = await Promise.all([
      bulk(ann, ids, 'archive'),
      bulk(ann, ids.toReversed(), 'tag', 'a'),
    ])
    expect(Object.values(there)).toEqual(ids.map(() => 'ok'))
    expect(Object.values(back)).toEqual(ids.map(() => 'ok'))
    const tooMany = await ann.post('/conversations/bulk', { ids: [...ids, createId()], action: 'delete' })
    expect(tooMany.body.code).toBe('invalid_request')
    expect(await listed(ann, 'archived=true&limit=100')).toEqual(ids.sort())
  })

  test('wishes that are none change nothing', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converse(ann)
    for (const body of [
      {},
      { ids: [id] },
      { ids: [], action: 'delete' },
      { ids: id, action: 'delete' },
      { ids: [id], action: 'purge' },
      { ids: [id], action: 'tag' },
      { ids: [id], action: 'untag', tag: null },
      { ids: [id], action: 'tag', tag: '' },
      { ids: [id, 7], action: 'delete' },
    ]) {
      const { body: problem } = await ann.post('/conversations/bulk', body)
      expect([body, problem.code]).toEqual([body, 'invalid_request'])
    }
    expect((await ann.post('/conversations/bulk', { ids: [id], action: 'untag', tag: 'none' })).status).toBe(
      404,
    )
    for (const value of hostileValues) {
      for (const body of [
        { ids: value, action: 'archive' },
        { ids: [value], action: 'delete' },
        { ids: [id], action: value },
        { ids: [createId()], action: 'tag', tag: value },
      ]) {
        expect((await ann.post('/conversations/bulk', body)).status).toBeLessThan(500)
      }
    }
    expect(await listed(ann)).toEqual([id])
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([])
    const stranger = await app.visitor().post('/api/v1/conversations/bulk', { ids: [id], action: 'delete' })
    expect(stranger.status).toBe(401)
  })
})
