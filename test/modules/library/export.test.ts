import { expect, setDefaultTimeout, test } from 'bun:test'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { sql } from 'drizzle-orm'
import { readZip } from '../../../src/lib/read-zip.ts'
import { chatgptArchive } from '../../support/archives.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'
import { converse, plant, plantChain, plantTurn, withTwoPeople } from '../conversations/conversations.ts'
import { counts, type Exported, env, exportAll, importFile, withoutIds } from './library.ts'

setDefaultTimeout(60_000)

describeOnBothStacks('an export', (start) => {
  test('holds everything, and comes back as it was', async () => {
    await using at = await withTwoPeople(start, env)
    const { ann, bob } = at
    const title = '论 "quotes" / <b>*stars*</b>'
    const id = await converse(ann, {
      title,
      system_prompt: '',
      model: 'deepseek/deepseek-chat',
      parameters: { temperature: 0.5 },
    })
    const [question, answer] = await plantChain(ann, id, 4)
    const branch = await plant(ann, id, {
      parent: question ?? null,
      role: 'assistant',
      content: 'Other 🙂\n"words"',
    })
    await ann.put(`/conversations/${id}/tags`, { tags: ['工作', 'b'] })
    await ann.put(`/conversations/${id}`, { pinned: true })
    await ann.post(`/messages/${answer}/rating`, { rating: 'down', note: 'No.' })
    await at.app.deps.db.execute(sql`update messages set reasoning = 'Hm', finish_reason = 'length', prompt_tokens = 7,
      completion_tokens = 3, is_usage_estimated = false, cost_micros = 1234567, duration_ms = 9,
      time_to_first_token_ms = 1, status = 'stopped', error_code = 'interrupted' where id = ${answer}::uuid`)
    const archived = await converse(ann, { title })
    await ann.post(`/conversations/${archived}/archive`)
    const running = await converse(ann, {})
    const asked = await plant(ann, running, { content: 'Well?' })
    await plantTurn(ann, running, asked, ['So far ', 'so good'])
    const temporary = await converse(ann, { temporary: true })
    const binned = await converse(ann, { title: 'gone' })
    await ann.delete(`/conversations/${binned}`)

    const all = await exportAll(ann)
    expect(all).toMatchObject({
      format: 'cloudchat',
      version: 1,
      exported_at: at.app.clock.now.toISOString(),
    })
    expect(all.conversations.map((one) => one.id)).toEqual([id, archived, running])
    const [first, , third] = all.conversations
    expect(first).toEqual({
      id,
      title,
      model: 'deepseek/deepseek-chat',
      system_prompt: '',
      parameters: { temperature: 0.5 },
      pinned: true,
      archived: false,
      tags: ['b', '工作'],
      created_at: expect.any(String),
      updated_at: at.app.clock.now.toISOString().replace('12:00:07', '12:00:05'),
      current_message_id: branch,
      messages: expect.any(Array),
    })
    expect(first?.messages.length).toBe(5)
    expect(first?.messages[1]).toEqual({
      id: answer ?? '',
      parent_id: question ?? '',
      role: 'assistant',
      content: 'text 1',
      reasoning: 'Hm',
      status: 'stopped',
      model: 'deepseek/deepseek-chat',
      usage: { prompt_tokens: 7, completion_tokens: 3, estimated: false, cost: 1.234567 },
      finish_reason: 'length',
      error_code: 'interrupted',
      duration_ms: 9,
      time_to_first_token_ms: 1,
      rating: 'down',
      rating_note: 'No.',
      created_at: expect.any(String),
    })
    expect(third?.messages.at(-1)).toMatchObject({
      content: 'So far so good',
      reasoning: 'hm',
      status: 'interrupted',
    })

    // To somebody else, and from him once more.
    expect(await importFile(bob, all)).toMatchObject({ conversations: counts(3), problem_count: 0 })
    expect(withoutIds(await exportAll(bob))).toEqual(withoutIds(all))
    expect(await importFile(ann, all)).toMatchObject({ conversations: counts(0, { duplicates: 3 }) })

    // Some of them.
    const ids = async (query: string) => (await exportAll(ann, query)).conversations.map((one) => one.id)
    expect(await ids('?archived=true')).toEqual([archived])
    expect(await ids('?archived=false')).toEqual([id, running])
    expect(await ids(`?ids=${archived},${temporary}`)).toEqual([archived, temporary])
    const single = await ann.get(`/conversations/${id}/export`)
    expect(single.body.conversations).toEqual([first])
    for (const [path, status] of [
      [`/conversations/${binned}/export`, 404],
      [`/conversations/${(await exportAll(bob)).conversations[0]?.id}/export`, 404],
      [`/export?ids=${id},${binned}`, 404],
      ['/export?ids=x', 400],
      [`/export?ids=${id}&archived=true`, 400],
      ['/export?format=pdf', 400],
    ] as const) {
      expect([path, (await ann.get(path)).status]).toEqual([path, status])
    }

    // To be read.
    const file = await read(at.app, `/conversations/${id}/export?format=markdown`)
    expect(file.type).toBe('text/markdown; charset=utf-8')
    expect(file.name).toBe(
      `attachment; filename="_ quotes b stars b.md"; filename*=UTF-8''${encodeURIComponent('论 quotes b stars b')}.md`,
    )
    const lines = file.bytes.toString().split('\n')
    expect(lines[0]).toBe('# 论 "quotes" / \\<b\\>\\*stars\\*\\</b\\>')
    expect(lines.filter((line) => line.startsWith('- '))).toEqual([
      '- Begun: 2026-03-01 12:00:00 UTC',
      '- Last message: 2026-03-01 12:00:05 UTC',
      '- Model: deepseek/deepseek-chat',
      '- Tags: b, 工作',
    ])
    expect(lines.filter((line) => line.startsWith('## '))).toEqual([
      '## User · 2026-03-01 12:00:01 UTC',
      '## Assistant (deepseek/deepseek-chat) · 2026-03-01 12:00:05 UTC',
    ])
    expect(file.bytes.toString()).toContain('\n\nOther 🙂\n"words"\n\n')
    const zip = await read(at.app, '/export?format=markdown')
    expect([zip.type, zip.conversations, zip.messages]).toEqual(['application/zip', '3', '7'])
    expect(await namesIn(zip.bytes)).toEqual([
      '论 quotes b stars b.md',
      '论 quotes b stars b (2).md',
      'conversation.md',
    ])
  })

  test('is whole or cut, is read as fast as it is taken, and ends with its reader', async () => {
    await using at = await withTwoPeople(start, env)
    const { ann } = at
    await importFile(ann, [...chatgptArchive(100, { rounds: 3, answerChars: 50_000 })].join(''))
    // Somebody who takes nothing more is not read for; when he leaves, his place is free.
    const slow = [await openExport(at.app), await openExport(at.app), await openExport(at.app)]
    expect((await ann.get('/export')).status).toBe(429)
    slow[0]?.socket.destroy()
    let next = await ann.get('/export')
    while (next.status === 429) next = await ann.get('/export')
    const whole = next.body as Exported
    expect(whole.conversations.length).toBe(100)

    // What takes it is given the whole of it; a session that ends takes its export along, and the file has no end.
    const [, taken, cut] = slow
    expect(await taken?.rest()).toEndWith(']}\n\r\n0\r\n\r\n')
    for (const stream of at.app.deps.openStreams) stream.close()
    const text = (await cut?.rest()) ?? ''
    expect(text.length).toBeGreaterThan(100_000)
    expect(text).not.toEndWith('0\r\n\r\n')
  })
})

/** An export of which nothing is taken but its beginning, until the rest is asked for. */
async function openExport(app: TestApp): Promise<{ socket: Socket; rest(): Promise<string> }> {
  const { cookies } = await annAgain(app)
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  const pieces: Buffer[] = []
  socket.on('data', (piece) => pieces.push(Buffer.from(piece)))
  // To be cut off is what one of them waits for.
  socket.on('error', () => {})
  socket.write(`GET /api/v1/export HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
  const text = () => Buffer.concat(pieces).toString('latin1')
  expect(text()).toContain('HTTP/1.1 200 OK')
  return {
    socket,
    async rest() {
      const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      const complete = new Promise<void>((resolve) => {
        socket.on('data', () => pieces.at(-1)?.toString('latin1').endsWith('\r\n0\r\n\r\n') && resolve())
      })
      socket.resume()
      await Promise.race([ended, complete])
      return text()
    },
  }
}

async function annAgain(app: TestApp) {
  const visitor = app.visitor()
  await visitor.post('/api/v1/auth/login', {
    identifier: 'ann',
    password: 'vexing-7 quince',
    session: 'cookie',
  })
  return visitor
}

async function read(app: TestApp, path: string) {
  const response = await (await annAgain(app)).fetch(`/api/v1${path}`)
  expect(response.status).toBe(200)
  const header = (name: string) => response.headers.get(name)
  return {
    type: header('content-type'),
    name: header('content-disposition'),
    conversations: header('x-total-conversations'),
    messages: header('x-total-messages'),
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

async function namesIn(archive: Uint8Array): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of readZip(chunks(archive), { maxEntries: 100, maxBytes: 1e7 })) names.push(name)
  return names
}

async function* chunks(bytes: Uint8Array) {
  yield bytes
}
