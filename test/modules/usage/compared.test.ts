import { expect, test } from 'bun:test'
import { describeOnBothStacks } from '../../support/harness.ts'
import { startAsAdmin } from '../admin/admin.ts'
import { enter } from './entries.ts'

const timezone = 'Asia/Shanghai'

describeOnBothStacks('statistics of one provider', (start) => {
  test('compare with the time before until the same time of day', async () => {
    await using at = await startAsAdmin(start, { TIMEZONE: timezone })
    const ann = await at.person('ann@example.com')
    at.app.clock.advance(30 * 60) // half past eight in the evening
    const used = (created_at: string, prompt_tokens: number, model = 'a/one') => ({
      created_at,
      prompt_tokens,
      model,
    })
    await enter(at, ann.id, [
      used('2026-03-01T01:00:00Z', 100),
      used('2026-03-01T02:00:00Z', 7000, 'b/two'),
      used('2026-02-28T11:30:00Z', 10),
      used('2026-02-28T12:10:00Z', 20),
      used('2026-02-28T12:20:00Z', 3500, 'b/two'),
      used('2026-02-28T12:40:00Z', 40),
      used('2026-02-22T12:20:00Z', 200),
      used('2026-02-22T12:40:00Z', 400),
      used('2026-02-15T16:00:00Z', 1000),
      used('2026-02-15T15:59:59Z', 5000),
      used('2026-01-30T12:29:59Z', 3),
      used('2026-01-30T12:30:00Z', 7),
    ])
    const month = 100 + 70 + 600 + 1000 + 5000
    const expected = {
      today: { calls: 1, change: { calls: (1 - 2) / 2, tokens: (100 - 30) / 30 } },
      last_7_days: { total_tokens: 170, change: { tokens: (170 - 1200) / 1200 } },
      last_30_days: { total_tokens: month, change: { tokens: (month - 3) / 3 } },
      total: { total_tokens: month + 10, change: null },
    }
    expect((await ann.ask('GET', '/api/v1/usage/summary?provider=a')).body).toMatchObject(expected)
    const { body: all } = await at.admin.ask('GET', '/api/v1/admin/usage/summary?provider=a')
    expect(all).toMatchObject(expected)
    const both = await at.admin.ask('GET', `/api/v1/admin/usage/summary?user_id=${ann.id}`)
    expect(both.body.today).toMatchObject({ calls: 2, change: { tokens: (7100 - 3530) / 3530 } })
    const { body: none } = await ann.ask('GET', '/api/v1/usage/summary?provider=%00')
    expect(none.total).toMatchObject({ calls: 0 })

    // The same provider wherever figures are, and the ledger says the same.
    const range = 'from=2026-02-28&to=2026-03-01&provider=b'
    for (const path of ['usage', 'admin/usage']) {
      const split = async (by: string) =>
        (await at.admin.ask('GET', `/api/v1/${path}/${by}?${range}`)).body.items.filter(
          ({ calls }: { calls: number }) => calls > 0,
        )
      const whose = path === 'usage' ? 0 : 1
      expect(await split('by-day')).toHaveLength(2 * whose)
      expect(await split('by-hour')).toHaveLength(2 * whose)
      expect(await split('by-model')).toMatchObject(whose ? [{ model: 'b/two', total_tokens: 10_500 }] : [])
    }
    const ranked = await at.admin.ask('GET', `/api/v1/admin/usage/by-user?${range}`)
    expect(ranked.body.items).toMatchObject([{ user_id: ann.id, total_tokens: 10_500 }])
    for (const kind of ['by-provider', 'by-kind']) {
      const { body } = await at.admin.ask('GET', `/api/v1/admin/usage/${kind}?${range}`)
      expect(body.items).toMatchObject([{ total_tokens: 10_500 }])
    }
    const records = await ann.ask('GET', '/api/v1/usage/records?provider=b&limit=1')
    expect([records.body.items.length, records.body.next_cursor]).toEqual([1, expect.any(String)])
    const csv = await (await at.admin.get('/api/v1/admin/usage/records.csv?provider=b')).text()
    expect(csv.trim().split('\r\n')).toHaveLength(3)
  })
})
