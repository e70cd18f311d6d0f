import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { describeOnBothStacks } from '../../support/harness.ts'
import { enter } from '../usage/entries.ts'
import { type Answer, startAsAdmin } from './admin.ts'
import { base, made, type Wanted, walk } from './walk-list.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('lists of the administration', (start) => {
  test('of models, plans and keys are whole, or filtered, sorted and paged', async () => {
    await using house = await startAsAdmin(start, { DEFAULT_PLAN: 'free' })
    const { app, admin } = house
    const make = async (path: string, body: object) => made(await admin.ask('POST', `${base}/${path}`, body))
    const prices = (input: number) => ({ input, cached_input: null, output: input, reasoning: null })
    await make('models', {
      provider: 'deepseek',
      upstream: 'x1',
      name: 'Beta',
      prices: prices(2),
      position: 2,
    })
    await make('models', {
      provider: 'nowhere',
      upstream: 'x2',
      name: 'alpha',
      prices: prices(30),
      position: 1,
    })
    const off = { upstream: 'x%3', name: 'Gamma', enabled: false, position: 3, context_window: 9000 }
    await make('models', { provider: 'deepseek', ...off })
    await walk(admin, 'models', 'name', [
      ['', ['alpha', 'Beta', 'Gamma']],
      ['order=desc', ['Gamma', 'Beta', 'alpha']],
      ['sort=name', ['alpha', 'Beta', 'Gamma']],
      ['sort=provider&order=desc', ['alpha', 'Beta', 'Gamma']],
      ['sort=price&order=desc', ['alpha', 'Beta', 'Gamma']],
      ['sort=context_window&order=desc', ['Gamma', 'alpha', 'Beta']],
      ['sort=status', ['Gamma', 'Beta', 'alpha']],
      ['provider=deepseek', ['Beta', 'Gamma']],
      ['status=in_use', ['Beta']],
      ['status=unusable', ['alpha']],
      ['status=disabled', ['Gamma']],
      ['search=ALPH', ['alpha']],
      ['search=%25', ['Gamma']],
      ['search=deepseek/x1', ['Beta']],
      ['search=nothing&provider=deepseek', []],
    ])
    // One that is gone takes nothing along with it.
    const { body: first } = await admin.ask('GET', `${base}/models?limit=1`)
    await admin.ask('DELETE', `${base}/models/${first.items[0].id}`)
    const { body: second } = await admin.ask('GET', `${base}/models?limit=1&cursor=${first.next_cursor}`)
    expect(second.items[0].name).toBe('Beta')

    const ann = await house.person('ann@example.com')
    await admin.ask('PUT', `${base}/users/${ann.id}`, { plan: 'vip' })
    await walk(admin, 'plans', 'name', [
      ['', ['free', 'unlimited', 'vip']],
      ['order=desc', ['vip', 'unlimited', 'free']],
      ['sort=people', ['unlimited', 'free', 'vip']],
      ['search=I', ['unlimited', 'vip']],
    ])
    const { body: plans } = await admin.ask('GET', `${base}/plans`)
    // The administrator has none of his own.
    expect(plans.items.map(({ people }: { people: number }) => people)).toEqual([1, 0, 1])

    const base_url = app.upstream.url
    await make('provider-keys', { provider: 'local', name: 'Second', base_url, key: 'sk-0123456789aaaa' })
    const idle = await make('provider-keys', {
      provider: 'groq',
      name: 'first',
      base_url,
      key: 'sk-0123456bbbb',
    })
    const lost = await make('provider-keys', {
      provider: 'local',
      name: 'Third',
      base_url,
      key: 'sk-01234567cccc',
    })
    app.clock.advance(1000)
    await admin.ask('PUT', `${base}/provider-keys/${idle.id}`, { enabled: false })
    await app.deps.db.execute(sql`update provider_keys set sealed_key = 'spoilt' where id = ${lost.id}::uuid`)
    await walk(admin, 'provider-keys', 'name', [
      ['', ['Second', 'first', 'Third']],
      ['sort=created&order=desc', ['Third', 'first', 'Second']],
      ['sort=name', ['first', 'Second', 'Third']],
      ['sort=provider', ['first', 'Second', 'Third']],
      ['sort=updated&order=desc', ['first', 'Second', 'Third']],
      ['sort=status', ['first', 'Second', 'Third']],
      ['provider=local', ['Second', 'Third']],
      ['status=in_use', ['Second']],
      ['status=disabled', ['first']],
      ['status=unreadable', ['Third']],
      ['status=resting', []],
      ['search=BBBB', ['first']],
      ['search=thi', ['Third']],
    ])
  })

  test('of what is handed out and what was done are filtered, sorted and paged', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const soon = new Date(app.clock.now.getTime() + 60_000).toISOString()
    const wishes = [
      { note: 'For Zoe' },
      { note: 'for_ann', max_uses: 3, expires_at: soon },
      { note: null, max_uses: 2 },
      { note: 'Bob' },
    ]
    for (const wish of wishes) {
      made(await admin.ask('POST', `${base}/invites`, wish))
      made(await admin.ask('POST', `${base}/top-up-codes`, { ...wish, micros: wish.max_uses ?? 1 }))
      app.clock.advance(2)
    }
    for (const table of [sql`invites`, sql`top_up_codes`]) {
      await app.deps.db.execute(sql`update ${table} set uses = 1 where note = 'Bob'`)
    }
    app.clock.advance(60_000)
    const wanted: Wanted = [
      ['', ['Bob', 'null', 'for_ann', 'For Zoe']],
      ['order=asc', ['For Zoe', 'for_ann', 'null', 'Bob']],
      ['sort=note&order=asc', ['null', 'Bob', 'For Zoe', 'for_ann']],
      ['sort=uses', ['Bob', 'null', 'for_ann', 'For Zoe']],
      ['state=open', ['null', 'For Zoe']],
      ['state=used_up', ['Bob']],
      ['state=expired', ['for_ann']],
      ['search=for_', ['for_ann']],
      ['search=FOR&sort=created&order=asc', ['For Zoe', 'for_ann']],
      ['search=%00', []],
    ]
    await walk(admin, 'invites', 'note', wanted)
    await walk(admin, 'top-up-codes', 'note', wanted)
    await walk(admin, 'top-up-codes', 'note', [
      ['sort=worth', ['for_ann', 'null', 'Bob', 'For Zoe']],
      ['sort=worth&state=open', ['null', 'For Zoe']],
    ])
    const { body: codes } = await admin.ask('GET', `${base}/top-up-codes?search=zoe`)
    await admin.ask('DELETE', `${base}/top-up-codes/${codes.items[0].id}`)
    const { body: expired } = await admin.ask('GET', `${base}/top-up-codes?search=ann`)
    await admin.ask('DELETE', `${base}/top-up-codes/${expired.items[0].id}`)
    await walk(admin, 'top-up-codes', 'note', [
      ['state=withdrawn', ['for_ann', 'For Zoe']],
      ['state=expired', []],
    ])
    const { body: withdrawn } = await admin.ask('GET', `${base}/top-up-codes?state=withdrawn`)
    // When it has expired stays as it was.
    expect(withdrawn.items[0]).toMatchObject({
      expires_at: expired.items[0].expires_at,
      withdrawn_at: app.clock.now.toISOString(),
    })
    const { body: invites } = await admin.ask('GET', `${base}/invites`)
    await walk(admin, 'invites', 'note', [[`search=${invites.items[3].hint}`, ['For Zoe']]])
    await admin.ask('DELETE', `${base}/invites/${invites.items[0].id}`)

    const ann = await house.person('ann@example.com')
    await ann.ask('PUT', '/api/v1/users/me', { display_name: 'Ann of Green' })
    await admin.ask('PUT', `${base}/users/${ann.id}`, { role: 'admin' })
    const model = { provider: 'deepseek', upstream: 'x', name: 'Thinker' }
    made(await ann.ask('POST', `${base}/models`, model))
    await admin.ask('PUT', `${base}/users/${ann.id}/ban`)
    const people = ['user.update', 'user.ban']
    await walk(admin, 'audit-log', 'action', [
      ['actor=ANN%40example', ['model.create']],
      ['actor=Green', ['model.create']],
      [`actor=${ann.id}`, ['model.create']],
      ['actor=command', []],
      ['actor=%00', []],
      ['target=ann%40example.com&order=asc', people],
      ['target=ann%40example.com', people.toReversed()],
      [`target=${ann.id}&actor=root`, people.toReversed()],
      ['target=thinker', ['model.create']],
      ['target=deepseek/x', ['model.create']],
      // The invitation is gone, and what it was called is not.
      ['target=bob', ['invite.delete', 'top_up_code.create', 'invite.create']],
      ['target=_&action=user.ban', []],
      [`target_id=${ann.id}&order=asc`, people],
    ])
    await walk(admin, 'audit-log', 'target_name', [
      ['target=ann%40example.com', ['ann@example.com', 'ann@example.com']],
      ['target=thinker', ['Thinker']],
      ['target=bob', ['null', 'Bob', 'null']],
      [`target=${invites.items[1].id}`, [`…${invites.items[1].hint}`]],
    ])
    const at = ['audit-log', 'invites', 'top-up-codes']
    for (const path of at) {
      const all = (await admin.ask('GET', `${base}/${path}`)).body.items
      const back = (await admin.ask('GET', `${base}/${path}?order=asc`)).body.items
      expect([path, back.toReversed()]).toEqual([path, all])
      // As versions wrote it that knew no other order.
      const cursor = Buffer.from(JSON.stringify({ id: all[0].id })).toString('base64url')
      const { body } = await admin.ask('GET', `${base}/${path}?cursor=${cursor}`)
      expect([path, body.items]).toEqual([path, all.slice(1)])
    }
  })

  test('of usage are sorted by what is wanted, and paged', async () => {
    await using house = await startAsAdmin(start)
    const { admin } = house
    const ann = await house.person('ann@example.com')
    const keyOf = async (name: string) => made(await ann.ask('POST', '/api/v1/keys', { name })).id
    const [one, two] = [await keyOf('one'), await keyOf('two')]
    const created_at = '2026-03-01T01:00:00Z'
    await enter(house, ann.id, [
      { created_at, model: 'a/one', key_id: one, prompt_tokens: 10, cost_micros: 5 },
      { created_at, model: 'b/two', key_id: two, prompt_tokens: 1, cost_micros: 30 },
      { created_at, model: 'b/two', key_id: two, prompt_tokens: 1, cost_micros: 30 },
    ])
    await enter(house, admin.id, [{ created_at, model: 'c/three', prompt_tokens: 5, cost_micros: 99 }])
    await enter(house, null, [{ created_at, model: 'd/four', prompt_tokens: 5 }])
    const [annName, root] = ['ann@example.com', 'root@example.com']
    await walk(admin, 'usage/by-user', 'name', [
      ['', [annName, 'null', root]],
      ['sort=calls', [annName, 'null', root]],
      ['sort=cost', [root, annName, 'null']],
      ['provider=b&sort=cost', [annName]],
    ])
    await walk(admin, 'usage/by-key', 'name', [
      ['', ['one', 'two']],
      ['sort=calls', ['two', 'one']],
      ['sort=cost', ['two', 'one']],
      [`user_id=${ann.id}&provider=a`, ['one']],
    ])
    for (const [path, name, [first, second, third, last]] of [
      ['usage/by-model', 'model', ['a/one', 'b/two', 'c/three', 'd/four']],
      ['usage/by-provider', 'provider', ['a', 'b', 'c', 'd']],
    ] as const) {
      await walk(admin, path, name, [
        ['', [first, third, last, second]],
        ['sort=calls', [second, first, third, last]],
        ['sort=cost', [third, second, first, last]],
        [`sort=cost&user_id=${ann.id}`, [second, first]],
      ])
    }
  })

  test('refuse what is no filter, order or cursor, by its name', async () => {
    await using house = await startAsAdmin(start)
    const { admin } = house
    await house.person('ann@example.com')
    const faultOf = ({ status, body }: Answer) => [
      status,
      body.errors?.map(({ path }: { path: string }) => path),
    ]
    const lists = ['users', 'models', 'plans', 'provider-keys', 'invites', 'top-up-codes', 'audit-log']
    const usage = ['by-user', 'by-key', 'by-model', 'by-provider'].map((name) => `usage/${name}`)
    for (const path of [...lists, ...usage]) {
      const wrong = [
        'limit=0',
        'cursor=nonsense',
        `cursor=${Buffer.from('{"sort":"x"}').toString('base64url')}`,
      ]
      if (path !== 'audit-log') wrong.push('sort=nonsense')
      if (!path.startsWith('usage')) wrong.push('order=up')
      for (const query of wrong) {
        const answer = await admin.ask('GET', `${base}/${path}?${query}`)
        expect([path, query, faultOf(answer)]).toEqual([path, query, [400, [query.split('=')[0]]]])
      }
    }
    for (const [query, name] of [
      ['models?status=active', 'status'],
      ['provider-keys?status=in-use', 'status'],
      ['invites?state=withdrawn', 'state'],
      ['top-up-codes?state=', 'state'],
      [`models?search=${'x'.repeat(101)}`, 'search'],
    ] as const) {
      expect([query, faultOf(await admin.ask('GET', `${base}/${query}`))]).toEqual([query, [400, [name]]])
    }
    // A cursor is good for the order that it came with, and no other.
    const { body } = await admin.ask('GET', `${base}/users?sort=name&limit=1`)
    expect(faultOf(await admin.ask('GET', `${base}/users?sort=role&cursor=${body.next_cursor}`))).toEqual([
      400,
      ['cursor'],
    ])
  })
})
