import { describe, expect, test } from 'bun:test'
import type { DraftConversation, ReadConversation } from '../../../src/modules/library/draft.ts'
import { fromChatgpt } from '../../../src/modules/library/from-chatgpt.ts'
import { fromClaude } from '../../../src/modules/library/from-claude.ts'
import { fromCloudchat } from '../../../src/modules/library/from-cloudchat.ts'
import type { Problems } from '../../../src/modules/library/import-report.ts'
import { chatgptConversation, claudeConversation } from '../../support/archives.ts'

const now = new Date('2026-03-01T12:00:00Z')

function convert(read: ReadConversation, value: unknown) {
  const problems: Problems = new Map()
  const draft = read(value, { now, problems })
  if (draft === null) throw new Error('not a conversation')
  return { draft, problems: Object.fromEntries(problems) }
}

/** Each message as `place of its parent, role: content`. */
function treeOf({ messages }: DraftConversation): string[] {
  return messages.map(
    ({ parent, role, content }) => `${parent ? messages.indexOf(parent) : '-'} ${role}: ${content}`,
  )
}

function branchOf({ messages, current }: DraftConversation): string[] {
  const branch: string[] = []
  for (let at = current ?? messages.at(-1) ?? null; at !== null; at = at.parent) branch.unshift(at.content)
  return branch
}

/** A node of ChatGPT's; a text is what somebody says. */
function node(id: string, parent: string | null, children: string[], said: object | null) {
  return [id, { id, parent, children, message: said }] as const
}

function says(role: string, ...parts: unknown[]) {
  return { author: { role }, content: { content_type: 'text', parts }, recipient: 'all' }
}

function talk(nodes: (readonly [string, unknown])[], more: object = {}) {
  return { title: 'T', create_time: 1_700_000_000, mapping: Object.fromEntries(nodes), ...more }
}

describe('a conversation of ChatGPT', () => {
  test('keeps its branches, their order, dates, and which is shown', () => {
    const { draft, problems } = convert(fromChatgpt, chatgptConversation(1, { rounds: 2, answerChars: 0 }))
    expect(problems).toEqual({})
    expect(treeOf(draft)).toEqual([
      '- user: 怎样才能写好 a program 第0个问题 of 1?',
      '0 assistant: Answer 0 of 1. ',
      '1 user: 怎样才能写好 a program 第1个问题 of 1?',
      '2 assistant: An earlier answer 1.',
      '2 assistant: Answer 1 of 1. ',
    ])
    expect(branchOf(draft).at(-1)).toBe('Answer 1 of 1. ')
    const { title, createdAt, lastMessageAt, messages, isArchived, isPinned } = draft
    expect({ title, isArchived, isPinned }).toEqual({
      title: 'Sourdough 1',
      isArchived: false,
      isPinned: false,
    })
    expect(createdAt).toEqual(new Date(1_700_003_600_123))
    expect(lastMessageAt > createdAt).toBe(true)
    expect(messages[1]).toMatchObject({ model: 'openai/gpt-4o', status: 'complete' })
    expect(
      messages.every((message, at) => at === 0 || message.createdAt > (messages[at - 1]?.createdAt ?? 0)),
    ).toBe(true)
  })

  test('loses what is not for us, and says so', () => {
    const { draft, problems } = convert(fromChatgpt, chatgptConversation(35, { rounds: 1, answerChars: 0 }))
    expect(problems).toEqual({ tools: 2, images: 1 })
    expect(draft.skippedMessages).toBe(2)
    expect(treeOf(draft)).toEqual([
      '- user: 怎样才能写好 a program 第0个问题 of 35?',
      '0 assistant: Answer 0 of 35. \n\nAfter the search of 35.',
      '1 user: [image]\n\nWhat is it?',
      '2 assistant: ```python\nprint("猫")\n```',
    ])
    expect(draft.messages.at(-1)?.reasoning).toBe('Looking\nA cat?')
  })

  test('has siblings in the order of their parent, whatever their dates and places', () => {
    const source = talk([
      node('b', 'q', [], { ...says('assistant', 'second'), create_time: 1_700_000_001 }),
      node('a', 'q', [], { ...says('assistant', 'first'), create_time: 1_700_000_009 }),
      node('q', null, ['a', 'b'], says('user', 'question')),
    ])
    const { draft } = convert(fromChatgpt, { ...source, current_node: 'a' })
    expect(treeOf(draft)).toEqual(['- user: question', '0 assistant: first', '0 assistant: second'])
    const [, first, second] = draft.messages
    expect(second?.createdAt).toEqual(first?.createdAt as Date)
    expect(draft.current).toBe(first as NonNullable<typeof first>)
  })

  test('has a question before each answer', () => {
    const source = talk([
      node('a', null, ['b', 'u'], says('assistant', 'Welcome')),
      node('b', 'a', ['c', 'd'], says('assistant', 'to this')),
      node('c', 'b', [], says('assistant', 'place')),
      node('d', 'b', [], says('assistant', 'world')),
      node('u', 'a', [], says('user', 'Thanks')),
    ])
    const { draft, problems } = convert(fromChatgpt, { ...source, current_node: 'b' })
    expect(problems).toEqual({ missing_questions: 1 })
    expect(treeOf(draft)).toEqual([
      '- user: …',
      '0 assistant: Welcome',
      '0 assistant: Welcome\n\nto this\n\nplace',
      '0 assistant: Welcome\n\nto this\n\nworld',
      '1 user: Thanks',
    ])
    expect(branchOf(draft)).toEqual(['…', 'Welcome\n\nto this\n\nworld'])
  })

  test.each([
    ['nothing in its mapping', {}, [], {}],
    ['nodes that are none', { a: null, b: 7, c: [] }, [], {}],
    [
      'nodes in a circle',
      Object.fromEntries([
        node('a', 'b', ['b'], says('user', 'x')),
        node('b', 'a', ['a'], says('user', 'y')),
      ]),
      [],
      { broken_tree: 2 },
    ],
    [
      'a node that is its own parent, and one of nobody',
      Object.fromEntries([
        node('a', 'a', ['a'], says('user', 'x')),
        node('b', 'gone', [], says('user', 'y')),
      ]),
      ['- user: x', '- user: y'],
      {},
    ],
    [
      'names from the language',
      Object.fromEntries([
        node('constructor', 'toString', [], says('user', 'x')),
        node('b', 'constructor', ['__proto__'], says('assistant', 'y')),
      ]),
      ['- user: x', '0 assistant: y'],
      {},
    ],
    [
      'content of no kind, and parts of none',
      Object.fromEntries([
        node('a', null, ['b'], { author: { role: 'user' }, content: { content_type: 'hologram' } }),
        node('b', 'a', ['c'], says('user', null, 7, { content_type: 'smell' }, 'text')),
        node('c', 'b', [], { author: { role: 'oracle' }, content: null }),
      ]),
      ['- user: text'],
      { unknown_content: 5 },
    ],
  ] as const)('with %s is no trouble', (_, mapping, tree, problems) => {
    const converted = convert(fromChatgpt, { mapping, title: 7, create_time: 'soon', update_time: 1e300 })
    expect([treeOf(converted.draft), converted.problems]).toEqual([[...tree], { ...problems }])
    expect(converted.draft.lastMessageAt <= now).toBe(true)
  })

  test('may be a branch of thousands', () => {
    const nodes = Array.from({ length: 20_000 }, (_, at) =>
      node(
        `${at}`,
        at === 0 ? null : `${at - 1}`,
        [`${at + 1}`],
        says(at % 2 ? 'assistant' : 'user', `${at}`),
      ),
    )
    expect(convert(fromChatgpt, talk(nodes)).draft.messages.length).toBe(20_000)
  })
})

describe('a conversation of Claude', () => {
  test('keeps branches, thoughts and what was pasted', () => {
    const { draft, problems } = convert(fromClaude, claudeConversation(1))
    expect(problems).toEqual({ tools: 2, files: 1 })
    expect(treeOf(draft)).toEqual([
      '- user: 怎样才能写好 a program?\n\n[paste.txt]\n\npasted',
      '0 assistant: First answer 1.',
      '1 user: Go on\n\n[file: cat.png]',
      '2 assistant: A branch that was left.',
      '1 user: No, otherwise',
      '4 assistant: As you like: 好的。',
    ])
    expect(draft.messages[1]?.reasoning).toBe('Let me see.')
    expect(draft.messages[1]?.createdAt).toEqual(new Date('2025-01-01T00:01:02.000Z'))
    expect(branchOf(draft).at(-1)).toBe('As you like: 好的。')
    expect(convert(fromClaude, claudeConversation(0)).draft.title).toBe(
      '怎样才能写好 a program? [paste.txt] pasted',
    )
  })

  test('without parents is a line, and its texts may stand beside its content', () => {
    const chat_messages = [
      { sender: 'human', text: 'Hi' },
      { sender: 'assistant', text: 'Hello', content: [{ type: 'image' }, { type: 'song' }] },
      { sender: 'human', text: '  ' },
      { sender: 'nobody', text: 'x' },
      'x',
    ]
    const { draft, problems } = convert(fromClaude, { uuid: 'u', chat_messages })
    expect(treeOf(draft)).toEqual(['- user: Hi', '0 assistant: [image]'])
    expect(problems).toEqual({ images: 1, unknown_content: 2, empty_messages: 1 })
    expect(draft.skippedMessages).toBe(3)
  })
})

describe('a conversation of our own', () => {
  test('made by hand may be wrong in every field', () => {
    const { draft, problems } = convert(fromCloudchat, {
      id: {},
      title: `\u0000a\n\ud800${'x'.repeat(300)}`,
      model: 7,
      parameters: { temperature: 'hot' },
      tags: [1, 'a'],
      system_prompt: 'x'.repeat(40_000),
      current_message_id: 'gone',
      messages: [
        {
          id: 'b',
          parent_id: 'a',
          role: 'assistant',
          content: 'second',
          status: 'running',
          usage: { prompt_tokens: -1 },
          rating: 'meh',
        },
        { id: 'a', parent_id: null, role: 'user', content: 'first', created_at: '2999-01-01T00:00:00Z' },
        { id: 'a', parent_id: null, role: 'user', content: 'twice' },
        { id: 'c', parent_id: 'gone', role: 'user', content: 'lost' },
        { role: 'system', content: 'x' },
        null,
      ],
    })
    expect(problems).toEqual({ broken_tree: 2, unknown_content: 2 })
    expect(treeOf(draft)).toEqual(['1 assistant: second', '- user: first', '- user: lost'])
    expect(draft.messages[0]).toMatchObject({ status: 'interrupted', promptTokens: null, rating: null })
    expect(draft.messages[1]?.createdAt).toEqual(now)
    expect(draft).toMatchObject({
      sourceId: null,
      model: null,
      parameters: {},
      tags: ['a'],
      systemPrompt: null,
      current: null,
    })
    expect(draft.title?.length).toBe(200)
    expect(draft.title?.isWellFormed()).toBe(true)
  })
})
