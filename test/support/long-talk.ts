/** A library of one conversation of so many messages, as an import takes it. Each message says which it is. */
export function longTalk(title: string, count: number): string {
  const messages = Array.from({ length: count }, (_, at) => ({
    id: `m${at}`,
    parent_id: at === 0 ? null : `m${at - 1}`,
    role: at % 2 === 0 ? 'user' : 'assistant',
    content:
      at % 2 === 0 ? `Question ${at + 1}` : `Answer **${at + 1}**\n\n${'Some words. '.repeat(at % 40)}`,
    status: 'complete',
    created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, at)).toISOString(),
  }))
  const conversation = { id: 'long', title, created_at: '2026-01-01T00:00:00Z', messages }
  return JSON.stringify({ format: 'cloudchat', version: 1, conversations: [conversation] })
}
