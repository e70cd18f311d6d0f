import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { sweepLeftovers } from '../../../src/modules/images/jobs.ts'
import { readEvents } from '../../support/event-stream.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { png } from '../../support/image-upstream.ts'
import { startS3 } from '../../support/s3-server.ts'
import { createAsker } from '../chat/asker.ts'
import { rows } from '../chat/chat.ts'
import { held } from '../usage/usage.ts'
import { filesOf, setUp } from './pictures.ts'

describeOnBothStacks('pictures', (start) => {
  test('are drawn, listed, shown to their owner alone, and deleted', async () => {
    await using at = await setUp(start)
    const { status, items } = await at.draw({ n: 2, size: '512x512' })
    expect(status).toBe(201)
    expect(items).toHaveLength(2)
    const [first, second] = items
    expect(first).toMatchObject({ model: 'openai/gpt-image-1', size: '512x512', content_type: 'image/png' })
    expect((await at.list()).map(({ id }) => id).sort()).toEqual(items.map(({ id }) => id).sort())

    const path = `/api/v1/images/${first?.id}/content`
    expect(first?.url).toEndWith(path)
    const shown = await at.ann.visitor.get(path)
    expect(Buffer.from(await shown.bytes()).equals(png)).toBe(true)
    expect(shown.headers.get('content-type')).toBe('image/png')
    expect(shown.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    const etag = shown.headers.get('etag') ?? ''
    const again = await at.ann.visitor.fetch(path, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])

    const eve = await createAsker(at.app)
    for (const foreign of [path, `/api/v1/images/${first?.id}`]) {
      expect((await eve.visitor.get(foreign)).status).toBe(404)
      expect((await at.app.visitor().get(foreign)).status).toBe(401)
    }
    const remove = (who: typeof eve, id = '') =>
      who.visitor.fetch(`/api/v1/images/${id}`, { method: 'DELETE' }).then((response) => response.status)
    expect(await remove(eve, first?.id)).toBe(404)
    expect(await remove(at.ann, first?.id)).toBe(204)
    expect(await remove(at.ann, first?.id)).toBe(404)
    expect((await at.ann.visitor.get(path)).status).toBe(404)
    expect((await at.list()).map(({ id }) => id)).toEqual([second?.id ?? ''])
    expect(filesOf(at.app)).toEqual([second?.id ?? ''])
  })

  test('are drawn by whichever model of those that draw is wanted, with events while one waits', async () => {
    await using at = await setUp(start)
    const models = await (await at.ann.visitor.get('/api/v1/image-models')).json()
    expect(models).toMatchObject({
      items: [{ id: 'openai/gpt-image-1' }, { id: 'qwen/wanx' }],
      next_cursor: null,
    })
    at.painter.states = [{ task_status: 'RUNNING' }]
    const events = readEvents(
      await at.ann.visitor.fetch('/api/v1/images', {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: 'a fox', model: 'qwen/wanx' }),
      }),
    )
    const heard = await events.all()
    expect(heard.map(({ type }) => type)).toEqual(['queued', 'running', 'done'])
    expect(heard.at(-1)?.data).toMatchObject({ items: [{ model: 'qwen/wanx', size: null }] })
    at.painter.states = [{ task_status: 'FAILED', code: 'DataInspectionFailed' }]
    const refused = readEvents(
      await at.ann.visitor.fetch('/api/v1/images', {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: 'a fox', model: 'qwen/wanx' }),
      }),
    )
    expect((await refused.all()).at(-1)).toMatchObject({ type: 'error', data: { code: 'provider_rejected' } })
    expect(await at.list()).toHaveLength(1)
  })

  test('that fail leave nothing behind, and say why', async () => {
    await using at = await setUp(start, { LIMIT_IMAGE_USER: '20/60' })
    at.painter.refuse({ status: 400, body: { error: { message: 'no such thing' } } })
    expect(await at.draw()).toMatchObject({ status: 502, code: 'provider_rejected' })
    at.painter.bytes = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    expect(await at.draw()).toMatchObject({ status: 502, code: 'provider_unavailable' })
    at.painter.bytes = png
    const faults = [
      { model: 'openai/other' },
      { n: 0 },
      { n: 5 },
      { n: 1.5 },
      { size: '5' },
      { size: '512*512' },
    ]
    for (const fault of [
      ...faults,
      { prompt: '' },
      { prompt: '  ' },
      { prompt: 'x'.repeat(4001) },
      { prompt: 7 },
    ]) {
      expect([fault, await at.draw(fault)]).toMatchObject([fault, { status: 400, code: 'invalid_request' }])
    }
    const put = at.app.deps.blobs.put
    Object.assign(at.app.deps.blobs, { put: () => Promise.reject(new Error('the disk is full')) })
    expect(await at.draw({ n: 2 })).toMatchObject({ status: 500, code: 'internal' })
    Object.assign(at.app.deps.blobs, { put })
    expect(await at.list()).toEqual([])
    expect(filesOf(at.app)).toEqual([])
    expect(JSON.stringify(at.app.log)).not.toContain('sk-secret-of-images')
    expect((await at.draw()).status).toBe(201)
  })

  test('are requests of their owner, in the ledger once; what failed is none', async () => {
    await using at = await setUp(start)
    await at.app.deps.db.execute(`insert into plans (name, limits) values ('few', '{"requests_day":2}')`)
    await at.app.deps.db.execute(`update users set plan = 'few'`)
    at.painter.refuse({ status: 400, body: {} }, { status: 400, body: {} })
    for (const _ of [1, 2]) {
      expect(await at.draw()).toMatchObject({ status: 502, code: 'provider_rejected' })
    }
    expect((await at.draw({ n: 2 })).status).toBe(201)
    expect((await at.draw()).status).toBe(201)
    expect(await at.draw()).toMatchObject({ status: 429, code: 'quota_exceeded' })
    await Promise.all(at.app.deps.usageEntries.underWay.keys())
    const rows = await at.app.deps.db.execute(
      `select kind, outcome, model, images, cost_micros from usage_events order by images`,
    )
    const failed = {
      kind: 'image',
      outcome: 'failed',
      model: 'openai/gpt-image-1',
      images: 0,
      cost_micros: null,
    }
    expect(rows).toEqual([
      failed,
      failed,
      { kind: 'image', outcome: 'complete', model: 'openai/gpt-image-1', images: 1, cost_micros: null },
      { kind: 'image', outcome: 'complete', model: 'openai/gpt-image-1', images: 2, cost_micros: null },
    ])
  })

  test('are drawn no further once their owner’s session has ended, but paid: the provider draws on', async () => {
    await using at = await setUp(start, { IMAGE_MODELS: 'wanx' })
    const { ann, app, painter } = at
    painter.states = Array.from({ length: 200 }, () => ({ task_status: 'RUNNING' }))
    const prompt = { prompt: 'a fox' }
    const events = readEvents(
      await ann.visitor.fetch('/api/v1/images', {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify(prompt),
      }),
    )
    const whole = ann.post('/api/v1/images', prompt)
    const formerly = ann.visitor.post('/cloudchat/generate_image', prompt)
    while (painter.asked.length < 3) await Bun.sleep(10)
    await events.until(({ type }) => type === 'running')
    await ann.logOut()
    expect((await events.all()).map(({ type }) => type)).not.toContain('done')
    expect([(await whole).status, (await formerly).status]).toEqual([401, 500])
    while ((await held(app.deps))?.reservations !== 0) await Bun.sleep(10)
    expect(await rows(app.deps, sql`select 1 from images`)).toEqual([])
    const ordered = { outcome: 'stopped', model: 'qwen/wanx', images: 1, error_code: null }
    const entries = () => rows(app.deps, sql`select outcome, model, images, error_code from usage_events`)
    while ((await entries()).length < 3) await Bun.sleep(10)
    expect(await entries()).toEqual([ordered, ordered, ordered])
  })

  test('are drawn so often and no more; a cursor of nobody is refused', async () => {
    await using at = await setUp(start, { LIMIT_IMAGE_USER: '3/60' })
    for (const _ of [1, 2, 3]) expect((await at.draw()).status).toBe(201)
    expect(await at.draw()).toMatchObject({ status: 429, code: 'rate_limited' })
    const first = await (await at.ann.visitor.get('/api/v1/images?limit=2')).json()
    const next = await (await at.ann.visitor.get(`/api/v1/images?limit=2&cursor=${first.next_cursor}`)).json()
    expect([first.items.length, next.items.length, next.next_cursor]).toEqual([2, 1, null])
    expect((await at.ann.visitor.get('/api/v1/images?cursor=x')).status).toBe(400)
  })

  test('of which a crash has left half are gone after a while', async () => {
    await using at = await setUp(start)
    const { items } = await at.draw({ n: 2 })
    const [crashed] = items
    await at.app.deps.db.execute(`update images set is_ready = false where id = '${crashed?.id}'`)
    expect(await at.list()).toHaveLength(1)
    await sweepLeftovers(at.app.deps)
    expect(filesOf(at.app)).toHaveLength(2)
    at.app.clock.advance(16 * 60)
    await sweepLeftovers(at.app.deps)
    expect(filesOf(at.app)).toEqual([items[1]?.id ?? ''])
  })

  test('are kept in a bucket where the settings name one', async () => {
    const s3 = await startS3()
    const { bucket, endpoint, accessKeyId, secretAccessKey } = s3.settings
    await using at = await setUp(start, {
      S3_BUCKET: bucket,
      S3_ENDPOINT: endpoint ?? '',
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    })
    const { items } = await at.draw()
    const shown = await at.ann.visitor.get(`/api/v1/images/${items[0]?.id}/content`)
    expect(Buffer.from(await shown.bytes()).equals(png)).toBe(true)
    expect(filesOf(at.app)).toEqual([])
    await s3.stop()
    expect(await at.draw()).toMatchObject({ status: 503, code: 'dependency_down' })
    expect((await at.ann.visitor.get(`/api/v1/images/${items[0]?.id}/content`)).status).toBe(503)
  })

  test('cannot be drawn where no model draws', async () => {
    await using app = await start()
    const ann = await createAsker(app)
    const response = await ann.post('/api/v1/images', { prompt: 'a fox' })
    expect([response.status, (await response.json()).code]).toEqual([404, 'not_found'])
    expect((await (await ann.visitor.get('/api/v1/image-models')).json()).items).toEqual([])
  })
})
