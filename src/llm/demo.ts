import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatMessage, LlmEvent, Prompt } from './llm.ts'

const millisecondsPerPiece = 20

/** Says what it is, echoes, and shows what it remembers. */
export async function* streamDemo(prompt: Prompt, signal: AbortSignal): AsyncGenerator<LlmEvent[], null> {
  const questions = prompt.messages.filter(({ role }) => role === 'user').map(({ content }) => content)
  const whole = answerTo(questions.at(-1) ?? '', questions.slice(0, -1))
  const answer = beginningOf(whole, prompt.maxTokens ?? Number.POSITIVE_INFINITY)
  for (const text of piecesOf(answer)) {
    // Rejects only when the signal comes: then there is nothing more to say.
    await sleep(millisecondsPerPiece, undefined, { signal }).catch(() => {})
    if (signal.aborted) return null
    yield [{ type: 'delta', text }]
  }
  const promptTokens = tokensIn(prompt.messages)
  const completionTokens = tokensIn([{ role: 'assistant', content: answer }])
  yield [
    { type: 'finish', reason: answer === whole ? 'stop' : 'length' },
    {
      type: 'usage',
      usage: { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens },
    },
  ]
  return null
}

const chinese = /\p{Script=Han}/u

function answerTo(question: string, earlier: string[]): string {
  const previous = earlier.at(-1)
  if (chinese.test(question)) {
    const memory =
      previous === undefined
        ? '这是我们对话里的第一个问题。'
        : `我记得之前的 ${earlier.length} 个问题，上一个是：「${short(previous)}」。`
    return `我是演示模型，不是真正的 AI。\n\n你刚才说：「${short(question)}」\n\n${memory}\n\n想用真正的模型，请设置 DEEPSEEK_API_KEY（或 DASHSCOPE_API_KEY、OPENAI_API_KEY、ANTHROPIC_API_KEY；本地模型用 OLLAMA_BASE_URL），然后重新启动。`
  }
  const memory =
    previous === undefined
      ? 'This is the first question of our conversation.'
      : `I remember ${earlier.length} earlier ${earlier.length === 1 ? 'question' : 'questions'}; the last one was “${short(previous)}”.`
  return `I am the demo model, not a real AI.\n\nYou said: “${short(question)}”\n\n${memory}\n\nFor a real model set DEEPSEEK_API_KEY (or DASHSCOPE_API_KEY, OPENAI_API_KEY, ANTHROPIC_API_KEY, or OLLAMA_BASE_URL for a local one) and start again.`
}

const longestQuote = 200

function short(text: string): string {
  const characters = [...text.trim()]
  return characters.length > longestQuote ? `${characters.slice(0, longestQuote).join('')}…` : text.trim()
}

/** Words with the space after them, and two Chinese characters at a time. */
function piecesOf(text: string): string[] {
  return text.match(/\p{Script=Han}{1,2}|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? []
}

/** As much of a text as so many tokens are, by the count below. */
function beginningOf(text: string, mostTokens: number): string {
  let [han, others, length] = [0, 0, 0]
  for (const character of text) {
    if (chinese.test(character)) han++
    else others++
    if (countOf(han, others) > mostTokens) return text.slice(0, length)
    length += character.length
  }
  return text
}

function tokensIn(messages: ChatMessage[]): number {
  let tokens = 0
  for (const { content } of messages) {
    const characters = [...content]
    const han = characters.filter((character) => chinese.test(character)).length
    tokens += countOf(han, characters.length - han)
  }
  return tokens
}

/** A rough count: a Chinese character is about a token, of other text four characters are. */
function countOf(han: number, others: number): number {
  return han + Math.ceil(others / 4)
}
