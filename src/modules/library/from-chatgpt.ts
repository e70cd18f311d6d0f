import { beginningOf, lastDate } from './beginning-of.ts'
import { type ReadContext, type ReadConversation, type Utterance, utterance } from './draft.ts'
import { growTree, keepOrder, type SourceNode } from './grow-tree.ts'
import { meet } from './import-report.ts'
import { listOf, momentOf, nameOf, recordOf, textOf, titleOf } from './values.ts'

/** A conversation of ChatGPT's export: a tree of nodes, of which many are for its own eyes only. */
export const fromChatgpt: ReadConversation = (value, context) => {
  const source = recordOf(value)
  const mapping = recordOf(source?.mapping)
  if (source === null || mapping === null) return null
  const nodes = nodesOf(mapping, context)
  const createdAt = momentOf(source.create_time, context.now) ?? context.now
  const tree = growTree(nodes, createdAt, context)
  keepOrder(tree.messages)
  return {
    sourceId: nameOf(source.conversation_id) ?? nameOf(source.id),
    title: titleOf(source.title) ?? beginningOf(tree.messages),
    model: null,
    systemPrompt: null,
    parameters: {},
    isPinned: source.is_starred === true,
    isArchived: source.is_archived === true,
    tags: [],
    createdAt,
    lastMessageAt: momentOf(source.update_time, context.now) ?? lastDate(tree.messages) ?? createdAt,
    messages: tree.messages,
    current: tree.find(textOf(source.current_node)),
    skippedMessages: nodes.filter((node) => node.isSkipped).length,
  }
}

interface Node extends SourceNode {
  isSkipped: boolean
}

/** Siblings as the node before them names them; what nobody names comes last. */
function nodesOf(mapping: Record<string, unknown>, context: ReadContext): Node[] {
  const ranks = new Map<string, number>()
  const parents = new Map<string, string>()
  for (const [id, value] of Object.entries(mapping)) {
    for (const [rank, child] of listOf(recordOf(value)?.children).entries()) {
      if (typeof child !== 'string' || ranks.has(child)) continue
      ranks.set(child, rank)
      parents.set(child, id)
    }
  }
  const nodes = Object.entries(mapping).map(([id, value]) => {
    const fields = recordOf(value)
    const node: Node = {
      id,
      parentId: textOf(fields?.parent) ?? parents.get(id) ?? null,
      isSkipped: false,
      read() {
        const message = recordOf(fields?.message)
        const said = message === null ? null : readMessage(message, context)
        node.isSkipped = said === 'left_out'
        return said === 'left_out' ? null : said
      },
    }
    return node
  })
  const rankOf = ({ id }: Node) => ranks.get(id) ?? nodes.length
  return nodes.sort((a, b) => rankOf(a) - rankOf(b))
}

/** null: it never was for people's eyes. */
function readMessage(
  message: Record<string, unknown>,
  { problems, now }: ReadContext,
): Utterance | 'left_out' | null {
  const metadata = recordOf(message.metadata)
  const content = recordOf(message.content)
  const author = textOf(recordOf(message.author)?.role)
  if (metadata?.is_visually_hidden_from_conversation === true) return null
  const kind = textOf(content?.content_type)
  if (author === 'system' || kind === 'user_editable_context' || kind === 'model_editable_context')
    return null
  if (author === 'tool' || (author === 'assistant' && isForTool(message.recipient))) {
    meet(problems, 'tools')
    return 'left_out'
  }
  if (content === null || (author !== 'user' && author !== 'assistant')) {
    meet(problems, 'unknown_content')
    return 'left_out'
  }
  const read = readContent(kind, content, problems)
  if (read === null) return 'left_out'
  const text = [withoutMarks(read.text), ...fileNames(metadata, problems)]
    .filter((part) => part !== '')
    .join('\n\n')
  if (text === '' && read.reasoning === null) {
    // An answer that began with nothing is no loss to anybody.
    if (kind !== 'reasoning_recap' && author === 'user') meet(problems, 'empty_messages')
    return author === 'user' ? 'left_out' : null
  }
  const model = nameOf(metadata?.model_slug)
  return {
    ...utterance(author, text),
    reasoning: read.reasoning,
    status: recordOf(metadata?.finish_details)?.type === 'interrupted' ? 'stopped' : 'complete',
    model: author === 'assistant' && model !== null ? `openai/${model}` : null,
    createdAt: momentOf(message.create_time, now),
  }
}

function isForTool(recipient: unknown): boolean {
  return typeof recipient === 'string' && recipient !== 'all'
}

interface Content {
  text: string
  reasoning: string | null
}

function readContent(
  kind: string | null,
  content: Record<string, unknown>,
  problems: ReadContext['problems'],
): Content | null {
  switch (kind) {
    case 'text':
    case 'multimodal_text':
      return { text: partsOf(listOf(content.parts), problems), reasoning: null }
    case 'code':
      return { text: fenced(textOf(content.text) ?? '', textOf(content.language)), reasoning: null }
    case 'thoughts':
      return { text: '', reasoning: thoughtsOf(listOf(content.thoughts)) }
    case 'reasoning_recap':
      return { text: '', reasoning: null }
    default:
      meet(problems, 'unknown_content')
      return null
  }
}

function partsOf(parts: unknown[], problems: ReadContext['problems']): string {
  const texts = parts.map((part) =>
    typeof part === 'string' ? part : placeholderOf(recordOf(part), problems),
  )
  return texts.filter((text) => text.trim() !== '').join('\n\n')
}

function placeholderOf(part: Record<string, unknown> | null, problems: ReadContext['problems']): string {
  const kind = textOf(part?.content_type) ?? ''
  if (kind === 'audio_transcription') return textOf(part?.text) ?? ''
  if (kind.startsWith('image')) {
    meet(problems, 'images')
    return '[image]'
  }
  if (kind.includes('audio')) {
    meet(problems, 'audio')
    return '[audio]'
  }
  if (typeof part?.text === 'string') return part.text
  meet(problems, 'unknown_content')
  return ''
}

function fenced(code: string, language: string | null): string {
  if (code.trim() === '') return ''
  const fence = code.includes('```') ? '````' : '```'
  const name = language !== null && /^[\w+#-]{1,20}$/.test(language) && language !== 'unknown' ? language : ''
  return `${fence}${name}\n${code}\n${fence}`
}

function thoughtsOf(thoughts: unknown[]): string | null {
  const texts = thoughts.map((thought) => {
    const { summary, content } = recordOf(thought) ?? {}
    return [textOf(summary), textOf(content)].filter((text) => text !== null && text !== '').join('\n')
  })
  return texts.filter((text) => text !== '').join('\n\n') || null
}

/** Places where its page shows a source: private characters around what only that page can read. */
function withoutMarks(text: string): string {
  return text.includes('\ue200') ? text.replace(/\ue200[^\ue200\ue201]*\ue201/g, '') : text
}

function fileNames(metadata: Record<string, unknown> | null, problems: ReadContext['problems']): string[] {
  const files = listOf(metadata?.attachments).map(recordOf)
  // Pictures are among the parts already.
  const others = files.filter((file) => !textOf(file?.mime_type ?? file?.mimeType)?.startsWith('image/'))
  if (others.length > 0) meet(problems, 'files', others.length)
  return others.map((file) => `[file: ${titleOf(file?.name) ?? '?'}]`)
}
