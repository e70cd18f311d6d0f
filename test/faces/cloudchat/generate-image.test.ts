import { expect, test } from 'bun:test'
import { setUp } from '../../modules/images/pictures.ts'
import { held } from '../../modules/usage/usage.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { png } from '../../support/image-upstream.ts'

describeOnBothStacks('pictures of the earlier front end', (start) => {
  test('are in the answer itself', async () => {
    await using at = await setUp(start, {
      IMAGE_MODELS: '',
      SD_MODEL: 'stable-diffusion-v1.5',
      IMAGE_SIZE: '512*512',
    })
    const ask = (body: object) => at.app.visitor().post('/cloudchat/generate_image', body)
    const response = await ask({ prompt: ' a fox ' })
    expect([response.status, await response.json()]).toEqual([
      200,
      { image_urls: [`data:image/png;base64,${png.toString('base64')}`] },
    ])
    expect(at.painter.asked.at(-1)?.body).toEqual({
      model: 'stable-diffusion-v1.5',
      input: { prompt: 'a fox' },
      parameters: { n: 1, size: '512*512' },
    })
    for (const nothing of [{}, { prompt: '' }, { prompt: ' ' }, { prompt: null }]) {
      const refused = await ask(nothing)
      expect([refused.status, await refused.json()]).toEqual([400, { error: 'Prompt is required' }])
    }
    at.painter.refuse({ status: 500, body: {} })
    const failed = await ask({ prompt: 'a fox' })
    expect([failed.status, await failed.json()]).toEqual([500, { error: 'Failed to generate image' }])
  })

  test('are in the ledger, of nobody or of who is logged in, within their limits', async () => {
    await using at = await setUp(start, { IMAGE_MODELS: 'wanx', ANONYMOUS_TOKENS_PER_DAY: '3000' })
    const { deps } = at.app
    const visitor = at.app.visitor()
    const ask = async (who: Pick<typeof visitor, 'post'> = visitor) => {
      const response = await who.post('/cloudchat/generate_image', { prompt: 'a fox' })
      await response.arrayBuffer()
      return response.status
    }
    const tooMany = [429, { error: 'Too many requests' }]
    expect(await ask()).toBe(200)
    at.painter.refuse({ status: 400, body: {} }, { status: 400, body: {} })
    expect(await ask()).toBe(500)
    await deps.db.execute(`update usage_counters set day_tokens = 3000 where holder = 'anonymous'`)
    const refused = await visitor.post('/cloudchat/generate_image', { prompt: 'a fox' })
    expect([refused.status, await refused.json()]).toEqual(tooMany)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)

    const known = at.app.visitor()
    const person = { email: 'ren.da@example.com', password: 'vexing-7 quince' }
    await known.post('/auth/register', person)
    await known.post('/auth/login', { identifier: person.email, password: person.password })
    await deps.db.execute(`insert into plans (name, limits) values ('few', '{"requests_day":1}')`)
    await deps.db.execute(`update users set plan = 'few' where email = '${person.email}'`)
    expect(await ask(known)).toBe(500)
    expect(await ask(known)).toBe(200)
    const spent = await known.post('/cloudchat/generate_image', { prompt: 'a fox' })
    expect([spent.status, await spent.json()]).toEqual(tooMany)
    await Promise.all(deps.usageEntries.underWay.keys())
    const rows = await deps.db.execute(
      `select u.email, kind, outcome, model, images from usage_events e left join users u on u.id = e.user_id order by e.id`,
    )
    const drawn = { kind: 'image', outcome: 'complete', model: 'qwen/wanx', images: 1 }
    const failed = { ...drawn, outcome: 'failed', images: 0 }
    expect(rows).toEqual([
      { email: null, ...drawn },
      { email: null, ...failed },
      { email: person.email, ...failed },
      { email: person.email, ...drawn },
    ])
    expect(await held(deps)).toEqual({ tokens: 0, reservations: 0 })
  })
})
