import { beginningOf, lastDate } from './beginning-of.ts'
import { type ReadContext, type ReadConversation, type Utterance, utterance } from './draft.ts'
import { growTree, keepOrder, type SourceNode } from './grow-tree.ts'
import { meet } from './import-report.ts'
import { listOf, momentOf, nameOf, recordOf, textOf, titleOf } from './values.ts'

/** A conversation of Claude's export. */
export const fromClaude: ReadConversation = (value, context) => {
  const source = recordOf(value)
  if (source === null || !Array.isArray(source.chat_messages)) return null
  const nodes = nodesOf(source.chat_messages, context)
  const createdAt = momentOf(source.created_at, context.now) ?? context.now
  const tree = growTree(nodes, createdAt, context)
  keepOrder(tree.messages)
  const lastNode = nodes.at(-1)?.id ?? null
  return {
    sourceId: nameOf(source.uuid),
    title: titleOf(source.name) ?? beginningOf(tree.messages),
    model: null,
    systemPrompt: null,
    parameters: {},
    isPinned: source.is_starred === true,
    isArchived: false,
    tags: [],
    createdAt,
    lastMessageAt: momentOf(source.updated_at, context.now) ?? lastDate(tree.messages) ?? createdAt,
    messages: tree.messages,
    current: tree.find(textOf(source.current_leaf_message_uuid) ?? lastNode),
    skippedMessages: source.chat_messages.length - nodes.filter((node) => node.isKept).length,
  }
}

interface Node extends SourceNode {
  isKept: boolean
}

/** Older exports name no parents: there each message follows the one before it. */
function nodesOf(messages: unknown[], context: ReadContext): Node[] {
  const records = messages.map(recordOf).filter((message) => message !== null)
  const isTree = records.some((message) => typeof message.parent_message_uuid === 'string')
  const nodes = new Map<string, Node>()
  let before: string | null = null
  for (const [at, message] of records.entries()) {
    const id: string = textOf(message.uuid) ?? `#${at}`
    const node: Node = {
      id,
      parentId: isTree ? textOf(message.parent_message_uuid) : before,
      isKept: false,
      read() {
        const said = readMessage(message, context)
        node.isKept = said !== null
        return said
      },
    }
    if (nodes.has(id)) meet(context.problems, 'broken_tree')
    else nodes.set(id, node)
    before = id
  }
  return [...nodes.values()]
}

function readMessage(message: Record<string, unknown>, { problems, now }: ReadContext): Utterance | null {
  const { sender } = message
  if (sender !== 'human' && sender !== 'assistant') {
    meet(problems, 'unknown_content')
    return null
  }
  const texts: string[] = []
  const thoughts: string[] = []
  for (const block of listOf(message.content).map(recordOf)) readBlock(block, { texts, thoughts }, problems)
  const said = texts.length > 0 || thoughts.length > 0 ? texts.join('\n\n') : (textOf(message.text) ?? '')
  const content = [said, ...attached(message, problems)].filter((part) => part.trim() !== '').join('\n\n')
  if (content === '' && thoughts.length === 0) {
    meet(problems, 'empty_messages')
    return null
  }
  const model = nameOf(message.model)
  return {
    ...utterance(sender === 'human' ? 'user' : 'assistant', content),
    reasoning: thoughts.join('\n\n') || null,
    model: sender === 'assistant' && model !== null ? `anthropic/${model}` : null,
    createdAt: momentOf(message.created_at, now),
  }
}

function readBlock(
  block: Record<string, unknown> | null,
  { texts, thoughts }: { texts: string[]; thoughts: string[] },
  problems: ReadContext['problems'],
): void {
  switch (block?.type) {
    case 'text':
      if (typeof block.text === 'string' && block.text.trim() !== '') texts.push(block.text)
      break
    case 'thinking':
      if (typeof block.thinking === 'string' && block.thinking !== '') thoughts.push(block.thinking)
      break
    case 'image':
      meet(problems, 'images')
      texts.push('[image]')
      break
    case 'tool_use':
    case 'tool_result':
      meet(problems, 'tools')
      break
    // Says nothing but how much thinking was left.
    case 'token_budget':
      break
    default:
      meet(problems, 'unknown_content')
  }
}

/** What was pasted is there as text; of files there is only the name. */
function attached(message: Record<string, unknown>, problems: ReadContext['problems']): string[] {
  const pasted = listOf(message.attachments).map((value) => {
    const file = recordOf(value)
    const text = textOf(file?.extracted_content)
    const name = titleOf(file?.file_name) ?? 'text'
    if (text !== null && text !== '') return `[${name}]\n\n${text}`
    meet(problems, 'files')
    return `[file: ${name}]`
  })
  const pastedNames = new Set(listOf(message.attachments).map((value) => recordOf(value)?.file_name))
  const files = listOf(message.files).filter((value) => !pastedNames.has(recordOf(value)?.file_name))
  if (files.length > 0) meet(problems, 'files', files.length)
  return [...pasted, ...files.map((value) => `[file: ${titleOf(recordOf(value)?.file_name) ?? '?'}]`)]
}
