import { expect, test } from 'bun:test'
import { closeEndedStreams } from '../../../src/modules/auth/jobs.ts'
import { publishUserEvent } from '../../../src/modules/conversations/user-events.ts'
import { readEvents } from '../../support/event-stream.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { createAsker } from './asker.ts'

describeOnBothStacks('what other windows must know', (start) => {
  test('comes as one stream, and to nobody else', async () => {
    await using app = await start()
    const ann = await createAsker(app, { title: null })
    const eve = await createAsker(app)
    const hers = readEvents(await ann.visitor.get('/api/v1/events'))
    const theirs = readEvents(await eve.visitor.get('/api/v1/events'))
    app.upstream.play({ text: ['hi'] }, { text: ['A greeting'] })
    const [asked] = await (await ann.ask('hello')).all()
    const { turn_id, conversation_id } = asked?.data ?? {}
    const seen = new Map<string, unknown>()
    await hers.until(({ type, data }) => {
      seen.set(type, data)
      return ['turn_started', 'turn_ended', 'title'].every((known) => seen.has(known))
    })
    expect(seen.get('turn_started')).toMatchObject({ turn_id, conversation_id })
    expect(seen.get('turn_ended')).toEqual({ turn_id, conversation_id, state: 'complete' })
    expect(seen.get('title')).toMatchObject({ conversation_id })
    publishUserEvent(app.deps, eve.userId, { type: 'quota_changed', data: {} })
    expect(await theirs.next()).toEqual({ id: null, type: 'quota_changed', data: {} })
  })

  test('has the headers of a stream, and begins at once', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const response = await ann.visitor.get('/api/v1/events')
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const { value } = (await response.body?.getReader().read()) ?? {}
    expect(new TextDecoder().decode(value)).toBe('retry: 1000\n\n')
  })

  test('ends with its session, and when the process is about to end', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const eve = await createAsker(app)
    const hers = readEvents(await ann.visitor.get('/api/v1/events'))
    const theirs = readEvents(await eve.visitor.get('/api/v1/events'))
    await ann.logOut()
    expect((await hers.all()).map(({ type }) => type)).toEqual(['session_revoked'])
    await closeEndedStreams(app.deps)
    expect(app.deps.openStreams.size).toBe(1)
    app.deps.lifecycle.isDraining = true
    expect(await theirs.all()).toEqual([])
    expect(app.deps.openStreams.size).toBe(0)
  })

  test('is for so many windows and no more', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const open = []
    for (let at = 0; at < 30; at++) open.push(readEvents(await ann.visitor.get('/api/v1/events')))
    const refused = await ann.visitor.get('/api/v1/events')
    expect([refused.status, (await refused.json()).code]).toEqual([429, 'too_many_readers'])
    await Promise.all(open.map((events) => events.leave()))
    let status = 0
    while (status !== 200) status = (await ann.visitor.get('/api/v1/events')).status
  })

  test('is cut for a window that is far behind', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const response = await ann.visitor.get('/api/v1/events')
    // Nobody asks for the next while so many come: more than a reader may have waiting.
    const long = 'x'.repeat(100_000)
    for (let at = 0; at < 300; at++) {
      const data = { conversation_id: ann.conversationId, title: long }
      publishUserEvent(app.deps, ann.userId, { type: 'title', data })
    }
    const ended = await response.text().then(
      () => 'whole',
      () => 'cut',
    )
    expect(ended).toBe('cut')
    expect(app.log.find(({ path }) => path === '/api/v1/events')).toMatchObject({ outcome: 'failed' })
  })
})
