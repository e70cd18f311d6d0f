import type { DraftMessage, ReadContext, Utterance } from './draft.ts'
import { utterance } from './draft.ts'
import { meet } from './import-report.ts'

/** What another product keeps as one step of a conversation. */
export interface SourceNode {
  id: string
  /** null, or of nobody: it is where a conversation begins. */
  parentId: string | null
  /** null: nothing in it is for us; what follows it follows what is before it. */
  read(): Utterance | null
}

export interface Tree {
  messages: DraftMessage[]
  /** The message that stands for a node, or for the nearest one before it. */
  find(id: string | null): DraftMessage | null
}

interface Growing extends DraftMessage {
  /** Its text is the beginning of an answer that follows it. */
  continuedBy: Growing | null
  hasQuestion: boolean
}

/**
 * The tree of our messages that a tree of nodes comes to, given with siblings in their order. What there are several
 * answers in a row becomes one, as every answer of ours follows a question.
 */
export function growTree(
  nodes: SourceNode[],
  begunAt: Date,
  { problems }: Pick<ReadContext, 'problems'>,
): Tree {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const children = Map.groupBy(byId.values(), ({ id, parentId }) =>
    parentId !== null && parentId !== id && byId.has(parentId) ? parentId : null,
  )
  const standsFor = new Map<string, Growing | null>()
  const grown: Growing[] = []
  // Not by recursion: a branch may have thousands of messages.
  const line = (children.get(null) ?? [])
    .toReversed()
    .map((node) => ({ node, before: null as Growing | null }))
  for (let next = line.pop(); next !== undefined; next = line.pop()) {
    const { node, before } = next
    const said = node.read()
    const message = said === null ? before : attach(said, before)
    standsFor.set(node.id, message)
    for (const child of (children.get(node.id) ?? []).toReversed())
      line.push({ node: child, before: message })
  }
  const lost = nodes.length - standsFor.size
  if (lost > 0) meet(problems, 'broken_tree', lost)
  return {
    messages: grown.filter(({ continuedBy, hasQuestion }) => continuedBy === null || hasQuestion),
    find(id) {
      let found = standsFor.get(id ?? '') ?? null
      while (found?.continuedBy && !found.hasQuestion) found = found.continuedBy
      return found
    },
  }

  function attach(said: Utterance, before: Growing | null): Growing {
    if (said.role === 'user') {
      if (before !== null) before.hasQuestion = true
      return grow(said, before)
    }
    if (before === null) {
      meet(problems, 'missing_questions')
      return grow(said, grow({ ...utterance('user', '…'), createdAt: said.createdAt }, null))
    }
    if (before.role === 'user') return grow(said, before)
    const whole = grow(
      {
        ...said,
        content: join(before.content, said.content),
        reasoning: join(before.reasoning ?? '', said.reasoning ?? '') || null,
      },
      before.parent as Growing | null, // all that are here have grown here
    )
    before.continuedBy = whole
    return whole
  }

  function grow(said: Utterance, parent: Growing | null): Growing {
    const createdAt = said.createdAt ?? parent?.createdAt ?? begunAt
    const message = { ...said, parent, createdAt, continuedBy: null, hasQuestion: false }
    grown.push(message)
    return message
  }
}

function join(before: string, after: string): string {
  return before === '' || after === '' ? before + after : `${before}\n\n${after}`
}

/** Siblings are told apart by their dates: none is older than the one before it. */
export function keepOrder(messages: DraftMessage[]): void {
  const last = new Map<DraftMessage | null, Date>()
  for (const message of messages) {
    const before = last.get(message.parent)
    if (before !== undefined && before > message.createdAt) message.createdAt = before
    last.set(message.parent, message.createdAt)
  }
}
