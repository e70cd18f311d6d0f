import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import type { ChatMessage, Prompt } from '../../llm/llm.ts'
import { chooseModel } from '../../modules/models/choose-model.ts'
import { fallbacksOf } from '../../modules/models/find-model.ts'
import { admitChat } from './admit-chat.ts'
import type { FaceHandler, FaceRequest } from './face-request.ts'
import { readFields } from './fields.ts'
import { guideMessages } from './guide.ts'
import { relay } from './relay.ts'
import { sampling } from './sampling.ts'
import { trimHistory } from './trim.ts'
import type { Visit, Visitors } from './visitors.ts'

interface Question {
  message: string
  guideMode: boolean
  presetId: string | null
  locale: string | null
}

/** Answers a question in the visitor's own conversation, and remembers both. */
export function deepseekChat(deps: Deps, visitors: Visitors): FaceHandler {
  return async (asked) => {
    const question = await readQuestion(asked.request)
    const asker = await admitChat(deps, asked.request, asked.client)
    asked.keepOpen()
    const model = await chooseModel(deps, asker.userId, null)
    const visit = await visitors.beginVisit(asked.cookies.visitor, asked.request.signal)
    asked.cookies.setVisitor(visit.token)
    return relay(deps, asked.request, {
      ...asker,
      prompt: promptFor(deps, question, visit, asked),
      model: model.ref,
      fallbacks: fallbacksOf(deps, model).map(({ ref }) => ref),
      ...endingOf(visit, question.message),
    })
  }
}

/** Apart: a function made above would keep all of the request in memory for as long as the answer takes. */
function endingOf(visit: Visit, question: string) {
  return { onWords: (reply: string) => visit.remember(question, reply), onEnd: visit.end }
}

async function readQuestion(request: Request): Promise<Question> {
  const { message, guideMode, presetId, locale } = await readFields(request, {
    message: { maxLength: 4000, trim: true },
    guideMode: { maxLength: 32 },
    presetId: { maxLength: 64 },
    locale: { maxLength: 16 },
  })
  if (!message) throw new AppError('invalid_request', 'Message is required')
  if (guideMode !== null && guideMode !== 'public_site') {
    throw new AppError('invalid_request', 'guideMode is invalid')
  }
  return { message, guideMode: guideMode !== null, presetId, locale }
}

function promptFor({ config }: Deps, question: Question, visit: Visit, { client }: FaceRequest): Prompt {
  const { systemPrompt, maxHistory, guide } = config.cloudchat
  const locale = question.locale ?? client.locale
  const conversation: ChatMessage[] = question.guideMode
    ? guideMessages(guide, { question: question.message, presetId: question.presetId, locale })
    : trimHistory([...visit.messages, { role: 'user', content: question.message }], maxHistory)
  return { messages: [{ role: 'system', content: systemPrompt }, ...conversation], ...sampling }
}
