import { expect, setDefaultTimeout, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { chatgptArchive, chatgptConversation, claudeConversation } from '../../support/archives.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { zipOf } from '../../support/zip.ts'
import {
  changed,
  converse,
  overhear,
  plantChain,
  rows,
  withTwoPeople,
} from '../conversations/conversations.ts'
import { counts, env, exportAll, importFile, refusedFile } from './library.ts'

setDefaultTimeout(60_000)

const small = { rounds: 1, answerChars: 10 }

describeOnBothStacks('an import', (start) => {
  test('brings each conversation once, from whichever archive', async () => {
    await using at = await withTwoPeople(start, env)
    const { ann, bob } = at
    const file = [...chatgptArchive(30, small)].join('')

    // A trial run says the same and does nothing.
    const trial = await importFile(ann, file, '?dry_run=true')
    expect(trial).toMatchObject({ format: 'chatgpt', dry_run: true, conversations: counts(30) })
    expect((await ann.get('/conversations')).body.items).toEqual([])

    const heard = overhear(ann)
    const report = await importFile(ann, file)
    expect(report).toEqual({ ...trial, dry_run: false })
    expect(report.problems[0]).toEqual({
      index: 0,
      title: '量子纠缠 explained 0',
      code: 'tools',
      count: 2,
      message: expect.stringContaining('tools'),
    })
    // Once for all of them.
    await heard.until(1)
    const { items } = (await ann.get('/conversations?limit=100')).body
    expect(heard.events).toEqual([changed(items.at(0)?.pinned ? expect.anything() : expect.any(String))])
    // The newest on top, by their own dates: each thirteenth is pinned, each eleventh in the archive.
    const titles = items.map((item: { title: string }) => item.title)
    expect(titles.slice(0, 4)).toEqual([
      'Sourdough 26',
      'A <script>alert(1)</script> title 13',
      'Naïve Bayes 29',
      'A <script>alert(1)</script> title 28',
    ])

    // The same file, packed as it is handed out: nothing new. With one conversation that has grown: that is said.
    const packed = zipOf([
      { name: 'user.json', content: '{}' },
      { name: 'picture.png', content: 'PK\x03\x04 not an entry', isStored: true },
      { name: 'conversations.json', content: file },
    ])
    expect(await importFile(ann, packed)).toMatchObject({ conversations: counts(0, { duplicates: 30 }) })
    const grown = [chatgptConversation(1, { ...small, rounds: 3 }), chatgptConversation(2, small)]
    expect(await importFile(ann, grown)).toMatchObject({
      conversations: counts(0, { duplicates: 1, changed: 1 }),
      problems: [{ index: 0, title: 'Sourdough 1', code: 'changed' }],
    })
    expect(await importFile(ann, grown, '?changed=copy')).toMatchObject({
      conversations: counts(1, { duplicates: 1 }),
    })
    expect(await importFile(ann, grown)).toMatchObject({ conversations: counts(0, { duplicates: 2 }) })

    // What is in the bin is not here. What another person has is no concern of ours.
    await ann.delete(
      `/conversations/${items.find((item: { title: string }) => item.title === '旅行计划：京都 2').id}`,
    )
    expect(await importFile(ann, grown)).toMatchObject({ conversations: counts(1, { duplicates: 1 }) })
    expect(await importFile(bob, grown)).toMatchObject({ conversations: counts(2) })

    const claude = [
      claudeConversation(1),
      { name: 'odd' },
      claudeConversation(1),
      { uuid: 'x', chat_messages: [] },
    ]
    expect(await importFile(bob, claude)).toMatchObject({
      format: 'claude',
      conversations: counts(1, { duplicates: 1, skipped: 2 }),
      messages: { imported: 6, skipped: 0 },
    })
    const { body: hit } = await bob.get(`/search?q=${encodeURIComponent('好的')}`)
    expect(hit.items[0].conversation_title).toBe('Sourdough 1 (Claude)')
  })

  test('of our own file takes nothing for granted', async () => {
    await using at = await withTwoPeople(start, env)
    const { ann, bob } = at
    const own = await converse(ann, { title: 'Mine' })
    const [question] = await plantChain(ann, own, 2)
    const theirs = await converse(bob, { title: 'Bobs' })
    await plantChain(bob, theirs, 2)
    const message = (id: string | undefined, content: string, more: object = {}) => ({
      id,
      parent_id: null,
      role: 'user',
      content,
      status: 'complete',
      ...more,
    })
    const file = (...conversations: unknown[]) => ({ format: 'cloudchat', version: 1, conversations })
    // Ids that exist, of one's own and of another: the first is here already, the second becomes something else.
    const report = await importFile(
      ann,
      file(
        { id: own, title: 'Overwritten', messages: [message(question, 'overwritten')] },
        {
          id: theirs,
          title: '<script>alert(1)</script>\u0000\ud800',
          model: 'nobody/nothing',
          tags: ['work', '', 'x'.repeat(99), 'Work'],
          messages: [
            message(question, 'a\u0000b\udc00<img onerror=alert(1)>', { created_at: '2020-01-01T00:00:00Z' }),
          ],
        },
        { id: 'not a uuid', title: null, messages: [] },
        { title: 'x' },
        'x',
      ),
    )
    expect(report).toMatchObject({
      format: 'cloudchat',
      conversations: counts(2, { duplicates: 1, skipped: 2 }),
      messages: { imported: 1, skipped: 0 },
    })
    expect(report.problems.map(({ index, code }) => [index, code])).toEqual([
      [1, 'model'],
      [1, 'tags'],
      [3, 'not_a_conversation'],
      [4, 'not_a_conversation'],
    ])
    expect((await ann.get(`/conversations/${own}`)).body.title).toBe('Mine')
    expect((await bob.get(`/conversations/${theirs}`)).body.title).toBe('Bobs')
    const { conversations } = await exportAll(ann)
    expect(conversations.map(({ title, tags, messages }) => [title, tags, messages.at(-1)?.content])).toEqual(
      [
        ['Mine', [], 'text 1'],
        ['<script>alert(1)</script> \ufffd', ['work'], 'ab\ufffd<img onerror=alert(1)>'],
        [null, [], undefined],
      ],
    )
    expect(
      (await rows<{ n: number }>(at.app, sql`select count(*)::integer as n from conversations`))[0]?.n,
    ).toBe(4)
  })

  test('says what it expected, and keeps what came before the fault', async () => {
    await using at = await withTwoPeople(start, { ...env, MAX_IMPORT_BYTES: '1048576' })
    const { ann } = at
    const whole = [...chatgptArchive(3, small)].join('')
    const refused = (detail: string, imported = '0') => ({
      status: 400,
      code: 'invalid_request',
      detail: expect.stringContaining(detail),
      imported,
    })
    const cases: [object | string, ReturnType<typeof refused>][] = [
      ['', refused('The body is empty: send the file itself')],
      ['hello', refused('Expected a JSON file or a ZIP archive')],
      [Buffer.from('\ufeff[1]', 'utf16le'), refused('Expected a JSON file or a ZIP archive')],
      ['--form\r\nContent-Disposition: form-data', refused('itself, not a form')],
      ['[1, 2', refused('Expected conversations as CloudChat, ChatGPT (with "mapping") or Claude')],
      [[{ id: 'x', turns: [] }], refused('(with "chat_messages") export them')],
      [
        { messages: [] },
        refused('Expected a list of conversations, or an object with "format": "cloudchat"'),
      ],
      [{ format: 'cloudchat', version: 2, conversations: [{}] }, refused('Expected version 1')],
      [
        { format: 'cloudchat', version: 1, conversations: {} },
        refused('Expected a list under "conversations"'),
      ],
      [whole.slice(0, -200), refused('The JSON breaks off at byte', '2')],
      [`${whole}]`, refused('expected nothing more', '1')],
      [
        zipOf([{ name: 'chat.html', content: 'x' }]),
        refused('Expected a file conversations.json in the archive'),
      ],
      [
        zipOf([{ name: 'x/conversations.json', content: whole }]).subarray(0, 500),
        refused('The archive breaks off'),
      ],
      [
        zipOf([{ name: 'conversations.json', content: Buffer.alloc(20_000_000, ' ') }]),
        refused('holds more than is read'),
      ],
    ]
    for (const [file, answer] of cases) expect(await refusedFile(ann, file)).toEqual(answer)
    // The first of them is in the archive.
    expect((await ann.get('/conversations')).body.items.length).toBe(2)

    // Too large, whether it says so beforehand or not.
    const large = ' '.repeat(2_000_000)
    const tooLarge = { status: 413, code: 'payload_too_large' }
    expect(await refusedFile(ann, large)).toMatchObject(tooLarge)
    const flowing = new Response(large).body as ReadableStream
    expect((await ann.ask('POST', '/import', flowing as BodyInit)).status).toBe(413)
    const form = new FormData()
    form.set('file', new Blob([whole]))
    const { status, body } = await ann.ask('POST', '/import', form)
    expect([status, body.code]).toEqual([415, 'unsupported_media_type'])
    // Nothing of all that keeps the next one out.
    expect(await importFile(ann, '[]')).toMatchObject({ format: null, conversations: counts(0) })
    expect(
      await importFile(ann, [
        { mapping: { a: { parent: null, message: 1 } } },
        ...Array(3).fill({ mapping: 7 }),
      ]),
    ).toMatchObject({
      conversations: counts(0, { skipped: 4 }),
    })
  })

  test('is one at a time, tells how far it is, and stops when its sender leaves', async () => {
    await using at = await withTwoPeople(start, env)
    const { ann } = at
    const leaving = new AbortController()
    const flow = new TransformStream<Uint8Array, Uint8Array>()
    const writer = flow.writable.getWriter()
    const write = (text: string) => writer.write(Buffer.from(text))
    const visitor = at.app.visitor()
    await visitor.post('/api/v1/auth/login', {
      identifier: 'ann',
      password: 'vexing-7 quince',
      session: 'cookie',
    })
    const answer = visitor
      .fetch('/api/v1/import', { method: 'POST', body: flow.readable, signal: leaving.signal })
      .then(
        () => 'answered',
        () => 'broken off',
      )
    await write(`[${JSON.stringify(chatgptConversation(1, small))},`)
    const listed = async () => (await ann.get('/conversations')).body.items.length
    while ((await listed()) === 0);
    expect(await refusedFile(ann, '[]')).toMatchObject({ status: 409, code: 'conflict' })
    // Half of the next one, and away.
    await write('{"mapping": {')
    leaving.abort()
    expect(await answer).toBe('broken off')
    await writer.abort().catch(() => {})
    // The lock is given back when the work has ended.
    let next = await refusedFile(ann, '[]')
    while (next.status === 409) next = await refusedFile(ann, '[]')
    expect(next.status).toBe(200)
    expect(await listed()).toBe(1)

    const streamed = await visitor.fetch('/api/v1/import', {
      method: 'POST',
      body: '[',
      headers: { accept: 'text/event-stream' },
    })
    expect(streamed.status).toBe(200)
    const events = (await streamed.text()).split('\n\n').filter((event) => event.startsWith('event'))
    expect(events[0]).toStartWith('event: progress\ndata: {"conversations":{"imported":0')
    expect(events.at(-1)).toMatch(/^event: error\ndata: .*"code":"invalid_request"/)
    expect(at.app.log.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })
})
