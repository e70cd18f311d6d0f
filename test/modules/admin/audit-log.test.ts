import { expect, setDefaultTimeout, test } from 'bun:test'
import { changedFields, recordAct } from '../../../src/modules/admin/record-act.ts'
import { findAccountByEmail } from '../../../src/modules/auth/store.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { startAsAdmin } from './admin.ts'

setDefaultTimeout(60_000)

const path = '/api/v1/admin/audit-log'

describeOnBothStacks('the audit log', (start) => {
  test('is for administrators, comes in pages, newest first, and holds no secret', async () => {
    await using house = await startAsAdmin(start)
    const { app, admin } = house
    const { deps } = app
    const account = await findAccountByEmail(deps.db, 'root@example.com')
    if (account === null) throw new Error('no administrator')
    const by = { user: account.user, ip: '203.0.113.7' }
    const changed = changedFields({ plan: 'free', role: 'user' }, { plan: 'vip', role: 'user' })
    await recordAct(deps, deps.db, by, { action: 'user.update', targetId: 'ab12', ...changed })
    // What does not compile where its fields are seen.
    const careless: object = { key: 'sk-secret', name: 'a' }
    await recordAct(deps, deps.db, by, { action: 'key.create', targetId: 'k1', after: careless })
    await recordAct(deps, deps.db, 'command line', { action: 'user.create', targetId: 'cd34' })

    const { status, body } = await admin.ask('GET', path)
    expect([status, body.next_cursor]).toEqual([200, null])
    const common = { id: expect.any(String), created_at: app.clock.now.toISOString() }
    const root = { actor_id: admin.id, actor_name: 'root@example.com', ip: '203.0.113.7' }
    expect(body.items).toEqual([
      {
        ...common,
        action: 'user.create',
        target_type: 'user',
        target_id: 'cd34',
        target_name: null,
        actor_id: null,
        actor_name: 'command line',
        ip: null,
        before: null,
        after: null,
      },
      {
        ...common,
        ...root,
        action: 'key.create',
        target_type: 'key',
        target_id: 'k1',
        target_name: null,
        before: null,
        after: { key: '[hidden]', name: 'a' },
      },
      {
        ...common,
        ...root,
        action: 'user.update',
        target_type: 'user',
        target_id: 'ab12',
        target_name: null,
        before: { plan: 'free' },
        after: { plan: 'vip' },
      },
    ])
    expect(JSON.stringify([body, app.log])).not.toContain('sk-secret')

    const first = await admin.ask('GET', `${path}?limit=2`)
    const second = await admin.ask('GET', `${path}?limit=2&cursor=${first.body.next_cursor}`)
    expect([...first.body.items, ...second.body.items]).toEqual(body.items)
    expect(second.body.next_cursor).toBeNull()
    for (const [query, count] of [
      ['action=user.create', 1],
      ['target_id=ab12', 1],
      [`actor_id=${admin.id}`, 2],
      ['actor_id=nobody', 0],
    ] as const) {
      expect([query, (await admin.ask('GET', `${path}?${query}`)).body.items.length]).toEqual([query, count])
    }
    expect((await admin.ask('GET', `${path}?cursor=nonsense`)).status).toBe(400)

    const person = await house.person('ann@example.com')
    expect((await person.ask('GET', path)).body.code).toBe('forbidden')
    expect((await fetch(app.url + path)).status).toBe(401)
  })
})
