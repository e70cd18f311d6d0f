import { expect, setDefaultTimeout, test } from 'bun:test'
import { createId } from '../../../src/lib/ids.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { hostileValues } from '../../support/hostile.ts'
import { changed, converse, overhear, type Person, plant, withTwoPeople } from './conversations.ts'

setDefaultTimeout(60_000)

const tagsChanged = { type: 'tags_changed', data: {} } as const

async function tag(person: Person, name: string): Promise<string> {
  const { status, body } = await person.post('/tags', { name })
  expect([name, status]).toEqual([name, 201])
  return body.id
}

/** A new conversation with these tags, named or by id. */
async function converseWith(person: Person, title: string, tags: string[]): Promise<string> {
  person.app.clock.advance(1)
  const id = await converse(person, { title })
  expect((await person.put(`/conversations/${id}/tags`, { tags })).status).toBe(200)
  return id
}

async function namesOf(person: Person, id: string): Promise<string[]> {
  const { body } = await person.get(`/conversations/${id}`)
  return body.tags.map(({ name }: { name: string }) => name)
}

async function counts(person: Person, query = ''): Promise<[string, number][]> {
  const { status, body } = await person.get(`/tags${query}`)
  expect(status).toBe(200)
  return body.items.map(({ name, count }: { name: string; count: number }) => [name, count])
}

async function titles(person: Person, query: string): Promise<string[]> {
  const { status, body } = await person.get(`/conversations?${query}`)
  expect(status).toBe(200)
  return body.items.map(({ title }: { title: string }) => title)
}

describeOnBothStacks('tags', (start) => {
  test('are made, listed by name and with counts, and never twice in other capitals', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob } = at
    const heard = overhear(ann)
    const made = await ann.post('/tags', { name: '  Work ' })
    expect(made).toEqual({ status: 201, body: { id: expect.any(String), name: 'Work' } })
    await heard.until(1)
    expect(heard.events).toEqual([tagsChanged])
    const again = await ann.post('/tags', { name: 'WORK' })
    expect(again.body).toMatchObject({ status: 409, code: 'conflict', tag_id: made.body.id })
    await tag(bob, 'work')
    await tag(ann, '工作')
    await tag(ann, 'a')
    await converseWith(ann, 'one', ['work', 'a'])
    const binned = await converseWith(ann, 'two', ['work'])
    await ann.delete(`/conversations/${binned}`)
    expect(await counts(ann)).toEqual([
      ['a', 1],
      ['Work', 1],
      ['工作', 0],
    ])
    expect(await counts(bob)).toEqual([['work', 0]])
  })

  test('the one used last first, when asked for', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const old = await converseWith(ann, 'one', ['a'])
    await converseWith(ann, 'two', ['b'])
    await tag(ann, '0 never used')
    expect((await counts(ann, '?sort=last_used')).map(([name]) => name)).toEqual(['b', 'a', '0 never used'])
    await plant(ann, old)
    const { body } = await ann.get('/tags?sort=last_used')
    expect(body.items[0]).toMatchObject({ name: 'a', last_used_at: ann.app.clock.now.toISOString() })
    expect(body.items[2].last_used_at).toBeNull()
    expect((await ann.get('/tags?sort=size')).body.code).toBe('invalid_request')
  })

  test('a conversation has those that it is given and no others', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const work = await tag(ann, 'Work')
    const id = await converse(ann, { title: 'one' })
    expect((await ann.get(`/conversations/${id}`)).body.tags).toEqual([])
    const heard = overhear(ann)
    const given = await ann.put(`/conversations/${id}/tags`, { tags: ['new', work, 'WORK', 'New', 'alpha'] })
    expect(given.status).toBe(200)
    expect(given.body.tags).toEqual([
      { id: expect.any(String), name: 'alpha' },
      { id: expect.any(String), name: 'new' },
      { id: work, name: 'Work' },
    ])
    await heard.until(1)
    expect(heard.events).toEqual([changed(id)])
    expect((await ann.get('/conversations')).body.items[0].tags).toEqual(given.body.tags)
    await ann.put(`/conversations/${id}/tags`, { tags: ['alpha', 'beta'] })
    expect(await namesOf(ann, id)).toEqual(['alpha', 'beta'])
    await ann.put(`/conversations/${id}/tags`, { tags: [] })
    expect(await namesOf(ann, id)).toEqual([])
    expect((await counts(ann)).map(([name]) => name)).toEqual(['alpha', 'beta', 'new', 'Work'])
  })

  test('two who tag at the same time with the same new names make each once', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const ids = await Promise.all(Array.from({ length: 6 }, (_, n) => converse(ann, { title: `${n}` })))
    const names = ['a', 'b', 'c', 'd']
    const answers = await Promise.all(
      ids.map((id, at) =>
        ann.put(`/conversations/${id}/tags`, { tags: at % 2 === 0 ? names : names.toReversed() }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 200))
    expect(await counts(ann)).toEqual(names.map((name) => [name, 6]))
  })

  test('the list of one tag, by its name or its id, page by page', async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob } = at
    await converseWith(ann, 'one', ['Äpfel & Birnen'])
    await converseWith(ann, 'two', ['other'])
    await converseWith(ann, 'three', ['Äpfel & Birnen', 'other'])
    await converseWith(bob, 'his', ['other'])
    const id = (await ann.get('/tags')).body.items.find(({ name }: { name: string }) => name === 'other').id
    expect(await titles(ann, `tag=${encodeURIComponent('Äpfel & birnen')}`)).toEqual(['three', 'one'])
    expect(await titles(ann, `tag=${id}`)).toEqual(['three', 'two'])
    expect(await titles(ann, 'tag=')).toEqual(['three', 'two', 'one'])
    expect(await titles(ann, 'tag=nothing')).toEqual([])
    expect(await titles(bob, `tag=${id}`)).toEqual([])
    const first = (await ann.get('/conversations?tag=other&limit=1')).body
    expect(first.items.map(({ title }: { title: string }) => title)).toEqual(['three'])
    expect(await titles(ann, `tag=other&limit=1&cursor=${first.next_cursor}`)).toEqual(['two'])
    for (const tag of ['%', '_', "'; drop table tags; --", '🙂']) {
      expect(await titles(ann, `tag=${encodeURIComponent(tag)}`)).toEqual([])
    }
    expect((await ann.get('/conversations?tag=%00')).body.code).toBe('invalid_request')
  })

  test('a new name, and two that become one only on demand', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const both = await converseWith(ann, 'both', ['job', 'work'])
    const job = await converseWith(ann, 'job', ['job'])
    const [jobId, workId] = await Promise.all(
      ['job', 'work'].map(async (name) => {
        const { body } = await ann.get('/tags')
        return body.items.find((item: { name: string }) => item.name === name).id
      }),
    )
    expect((await ann.put(`/tags/${jobId}`, { name: 'JOB' })).body).toEqual({ id: jobId, name: 'JOB' })
    const refused = await ann.put(`/tags/${jobId}`, { name: 'Work' })
    expect(refused.body).toMatchObject({ status: 409, code: 'conflict', tag_id: workId })
    expect(await namesOf(ann, both)).toEqual(['JOB', 'work'])
    const heard = overhear(ann)
    const merged = await ann.put(`/tags/${jobId}`, { name: 'Work', merge: true })
    expect(merged).toEqual({ status: 200, body: { id: workId, name: 'Work' } })
    await heard.until(1)
    expect(heard.events).toEqual([tagsChanged])
    expect(await counts(ann)).toEqual([['Work', 2]])
    expect([await namesOf(ann, both), await namesOf(ann, job)]).toEqual([['Work'], ['Work']])
    expect((await ann.put(`/tags/${jobId}`, { name: 'Work', merge: true })).status).toBe(404)
    expect((await ann.put(`/tags/${workId}`, { name: 'free', merge: true })).body.name).toBe('free')
  })

  test('a tag that is deleted leaves its conversations', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    const id = await converseWith(ann, 'one', ['a', 'b'])
    const tagId = (await ann.get('/tags')).body.items[0].id
    expect((await ann.delete(`/tags/${tagId}`)).status).toBe(204)
    expect((await ann.delete(`/tags/${tagId}`)).status).toBe(404)
    expect(await namesOf(ann, id)).toEqual(['b'])
  })

  test('not more than 200, and then still those that there are', async () => {
    await using at = await withTwoPeople(start)
    const { ann } = at
    for (const from of [0, 50, 100, 150]) {
      await converseWith(
        ann,
        'many',
        Array.from({ length: 50 }, (_, n) => `tag ${from + n}`),
      )
    }
    expect((await ann.post('/tags', { name: 'one more' })).body).toMatchObject({
      status: 409,
      code: 'conflict',
    })
    const id = await converse(ann)
    const refused = await ann.put(`/conversations/${id}/tags`, { tags: ['tag 1', 'one more'] })
    expect(refused.body).toMatchObject({ status: 409, code: 'conflict' })
    const many = await ann.post('/conversations/bulk', { ids: [id], action: 'tag', tag: 'one more' })
    expect(many.body).toMatchObject({ status: 409, code: 'conflict' })
    expect(await namesOf(ann, id)).toEqual([])
    expect((await ann.put(`/conversations/${id}/tags`, { tags: ['tag 1'] })).status).toBe(200)
  })

  test('names that are none, and bodies that nobody expects', async () => {
    await using at = await withTwoPeople(start)
    const { ann, app } = at
    const id = await converseWith(ann, 'one', ['kept'])
    const tagId = (await ann.get('/tags')).body.items[0].id
    for (const name of ['', '  ', 'x'.repeat(51), 'two\nlines', 'nul\0', createId(), 7, null]) {
      expect([name, (await ann.post('/tags', { name })).body.code]).toEqual([name, 'invalid_request'])
      expect([name, (await ann.put(`/tags/${tagId}`, { name })).body.code]).toEqual([name, 'invalid_request'])
    }
    const many = Array.from({ length: 51 }, (_, n) => `tag ${n}`)
    for (const tags of [many, ['fine', ''], 'kept', null, [7], [['kept']]]) {
      expect((await ann.put(`/conversations/${id}/tags`, { tags })).body.code).toBe('invalid_request')
    }
    expect((await ann.put(`/conversations/${id}/tags`, { tags: ['fine', createId()] })).status).toBe(404)
    expect(await namesOf(ann, id)).toEqual(['kept'])
    expect(await counts(ann)).toEqual([['kept', 1]])
    for (const value of hostileValues) {
      const bodies = [{ name: value }, { tags: value }, { tags: [value] }, { name: 'kept', merge: value }]
      for (const body of bodies) {
        const answers = [
          await ann.post('/tags', body),
          await ann.put(`/tags/${tagId}`, body),
          await ann.put(`/conversations/${id}/tags`, body),
        ]
        expect(answers.map(({ status }) => status < 500)).toEqual([true, true, true])
      }
    }
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  test("another's tag looks like one that never was, and stays as it is", async () => {
    await using at = await withTwoPeople(start)
    const { ann, bob } = at
    const his = await converseWith(bob, 'his', ['secret'])
    const hers = await converse(ann)
    const tagId = (await bob.get('/tags')).body.items[0].id
    const asked = async (id: string) => [
      await ann.put(`/tags/${id}`, { name: 'mine' }),
      await ann.delete(`/tags/${id}`),
      await ann.put(`/conversations/${hers}/tags`, { tags: [id] }),
      await ann.post('/conversations/bulk', { ids: [hers], action: 'tag', tag: id }),
      await ann.post('/conversations/bulk', { ids: [hers], action: 'untag', tag: id }),
    ]
    const plain = (answers: Awaited<ReturnType<typeof asked>>) =>
      answers.map(({ status, body: { request_id, ...body } }) => ({ status, body }))
    const foreign = plain(await asked(tagId))
    expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    expect(foreign).toEqual(plain(await asked(createId())))
    for (const id of ['1', '%00', "' or 1=1 --"]) {
      expect((await ann.put(`/tags/${id}`, { name: 'mine' })).status).toBe(404)
    }
    expect(await namesOf(bob, his)).toEqual(['secret'])
    expect(await counts(ann)).toEqual([])
  })
})
