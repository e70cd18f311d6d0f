/** Archives as ChatGPT and Claude hand them out. The same number gives the same conversation each time. */

export interface ChatgptOptions {
  /** Questions on the branch that is shown. */
  rounds?: number
  /** Characters of each answer, at least. */
  answerChars?: number
}

/** One conversation as `conversations.json` holds it: branches, code, Chinese, and nodes that are nobody's words. */
export function chatgptConversation(n: number, { rounds = 4, answerChars = 200 }: ChatgptOptions = {}) {
  const begun = 1_700_000_000 + n * 3600 + 0.123456
  const mapping: Record<string, ChatgptNode> = {}
  let moment = begun
  const add = (parent: string | null, message: Record<string, unknown> | null) => {
    const id = idOf(n, Object.keys(mapping).length)
    mapping[id] = { id, message: message && { id, ...message }, parent, children: [] }
    if (parent !== null) mapping[parent]?.children.push(id)
    return id
  }
  const say = (parent: string, role: string, content: object, more: Record<string, unknown> = {}) =>
    add(parent, {
      author: { role, name: null, metadata: {} },
      create_time: moment++,
      update_time: null,
      content,
      status: 'finished_successfully',
      end_turn: true,
      weight: 1,
      metadata: role === 'assistant' ? { model_slug: 'gpt-4o', finish_details: { type: 'stop' } } : {},
      recipient: 'all',
      ...more,
    })
  const text = (...parts: unknown[]) => ({ content_type: 'text', parts })

  const root = add(null, null)
  const system = say(root, 'system', text(''), {
    create_time: null,
    metadata: { is_visually_hidden_from_conversation: true },
  })
  let last = say(
    system,
    'user',
    { content_type: 'user_editable_context', user_profile: 'I am', user_instructions: 'Be' },
    { create_time: null, metadata: { is_visually_hidden_from_conversation: true } },
  )
  for (let round = 0; round < rounds; round++) {
    const question = say(last, 'user', text(`${wordsOf(n, round)} 第${round}个问题 of ${n}?`))
    // Another answer first: what is shown is the one made later.
    if (round === 1) say(question, 'assistant', text(`An earlier answer ${n}.`))
    last = say(question, 'assistant', text(`Answer ${round} of ${n}. ${filler(n + round, answerChars)}`))
    if (n % 5 === 0 && round === 0) last = withTools(last)
  }
  if (n % 7 === 0) {
    last = say(last, 'user', {
      content_type: 'multimodal_text',
      parts: [
        { content_type: 'image_asset_pointer', asset_pointer: 'file-service://x', size_bytes: 9 },
        'What is it?',
      ],
    })
    last = say(last, 'assistant', {
      content_type: 'thoughts',
      thoughts: [{ summary: 'Looking', content: 'A cat?' }],
    })
    last = say(last, 'assistant', { content_type: 'reasoning_recap', content: 'Thought for 3 seconds' })
    last = say(last, 'assistant', { content_type: 'code', language: 'python', text: 'print("猫")' })
  }
  return {
    title: titleOf(n),
    create_time: begun,
    update_time: moment,
    mapping,
    moderation_results: [],
    current_node: last,
    plugin_ids: null,
    conversation_id: idOf(n, 0xffff),
    conversation_template_id: null,
    gizmo_id: null,
    is_archived: n % 11 === 0,
    is_starred: n % 13 === 0 ? true : null,
    safe_urls: [],
    default_model_slug: 'gpt-4o',
    id: idOf(n, 0xffff),
  }

  function withTools(answer: string): string {
    const call = say(
      answer,
      'assistant',
      { content_type: 'code', language: 'unknown', text: 'search("x")' },
      { recipient: 'browser' },
    )
    const result = say(call, 'tool', { content_type: 'tether_browsing_display', result: 'found' })
    return say(result, 'assistant', text(`After the search \ue200cite\ue202turn0search0\ue201of ${n}.`))
  }
}

interface ChatgptNode {
  id: string
  message: Record<string, unknown> | null
  parent: string | null
  children: string[]
}

/** The file `conversations.json`, piece by piece. */
export function* chatgptArchive(conversations: number, options: ChatgptOptions = {}): Generator<string> {
  for (let n = 0; n < conversations; n++) {
    yield (n === 0 ? '[' : ', ') + JSON.stringify(chatgptConversation(n, options))
  }
  yield conversations === 0 ? '[]' : ']'
}

/** One conversation as Claude exports it, with a question asked twice. */
export function claudeConversation(n: number) {
  const uuid = (at: number) => idOf(n, at)
  const moment = (at: number) => new Date(Date.UTC(2025, 0, 1, 0, n, at)).toISOString().replace('Z', '456Z')
  const message = (
    at: number,
    sender: string,
    parent: number | null,
    content: object[],
    more: object = {},
  ) => ({
    uuid: uuid(at),
    text: content.map((block) => ('text' in block ? block.text : '')).join('\n'),
    content,
    sender,
    created_at: moment(at),
    updated_at: moment(at),
    attachments: [],
    files: [],
    parent_message_uuid: parent === null ? '00000000-0000-4000-8000-000000000000' : uuid(parent),
    ...more,
  })
  const text = (words: string) => ({ start_timestamp: null, type: 'text', text: words, citations: [] })
  return {
    uuid: uuid(0xfffe),
    name: n % 3 === 0 ? '' : `${titleOf(n)} (Claude)`,
    summary: '',
    created_at: moment(0),
    updated_at: moment(9),
    account: { uuid: uuid(0xffff) },
    chat_messages: [
      message(1, 'human', null, [text(`${wordsOf(n, 0)}?`)], {
        attachments: [
          { file_name: 'paste.txt', file_size: 5, file_type: 'txt', extracted_content: 'pasted' },
        ],
      }),
      message(2, 'assistant', 1, [
        { type: 'thinking', thinking: 'Let me see.' },
        { type: 'tool_use', name: 'web_search', input: {} },
        { type: 'tool_result', name: 'web_search', content: [] },
        text(`First answer ${n}.`),
      ]),
      message(3, 'human', 2, [text('Go on')], { files: [{ file_name: 'cat.png' }] }),
      message(4, 'assistant', 3, [text('A branch that was left.')]),
      message(5, 'human', 2, [text('No, otherwise')]),
      message(6, 'assistant', 5, [text('As you like: 好的。')]),
    ],
  }
}

export const titles = [
  '量子纠缠 explained',
  'Sourdough',
  '旅行计划：京都',
  'A <script>alert(1)</script> title',
  'Naïve Bayes',
]

function titleOf(n: number): string {
  return `${titles[n % titles.length]} ${n}`
}

/** A word of two characters that each hundredth conversation has. */
export const rareWord = '饕餮'

function wordsOf(n: number, round: number): string {
  return n % 100 === 42 && round === 0 ? `为什么${rareWord}纹出现在青铜器上` : '怎样才能写好 a program'
}

const sentences = [
  'The quick brown fox jumps. ',
  '春眠不觉晓，处处闻啼鸟。',
  '```ts\nconst a = "\\"b\\""\n```\n',
  '🙂 ',
]

function filler(seed: number, chars: number): string {
  let text = ''
  for (let at = seed; text.length < chars; at = (at * 31 + 7) % 1009) text += sentences[at % sentences.length]
  return text
}

function idOf(n: number, at: number): string {
  const hex = (value: number, length: number) => value.toString(16).padStart(length, '0')
  return `${hex(n, 8)}-aaaa-4bbb-8ccc-${hex(at, 12)}`
}
