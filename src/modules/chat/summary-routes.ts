import { Elysia } from 'elysia'
import type { Deps } from '../../deps.ts'
import { checkId } from '../../lib/check-id.ts'
import { describeOperations } from '../../lib/operation.ts'
import { authGuard } from '../auth/guard.ts'
import { countQuestion } from './count-question.ts'
import { readSummaries, remakeSummary } from './remake-summary.ts'
import type { Summary } from './summary.ts'
import { summariesView, summaryComingView, summaryView } from './summary-schema.ts'

const tag = {
  name: 'Summaries',
  description:
    'Where a branch outgrows the window of its model, a summary that the model has written stands for the oldest rounds.',
}

const operations = describeOperations(tag, {
  listSummaries: {
    summary: 'List the summaries of a conversation',
    description:
      'Of the branch that is shown, oldest first; each stands for all messages up to one, those of the summary before it too. Models with a larger window may still read the messages themselves.',
    codes: ['not_found'],
  },
  remakeSummary: {
    summary: 'Make a summary anew',
    description:
      'From the messages themselves: that of the branch that is shown, with what has outgrown the window since, or a first one. Counts as a question. Those who follow the events of the person hear `conversation_changed`.',
    codes: [
      'forbidden',
      'not_found',
      'turn_running',
      'conflict',
      'provider_unavailable',
      'provider_rejected',
      'provider_timeout',
      'rate_limited',
    ],
  },
})

/** What stands for the beginning of long conversations: to be read, and to be made anew. */
export function summaryRoutes(deps: Deps) {
  return new Elysia({ name: 'summaries', prefix: '/api/v1' })
    .use(authGuard(deps))
    .get(
      '/conversations/:id/summaries',
      async ({ user, params }) => {
        const summaries = await readSummaries(deps, user.id, checkId(params.id))
        return { items: summaries.map(viewOfSummary), next_cursor: null }
      },
      { auth: 'user', response: summariesView, detail: operations.listSummaries },
    )
    .post(
      '/conversations/:id/summaries',
      async ({ request, server, user, params, status }) => {
        const id = checkId(params.id)
        await countQuestion(deps, user.id)
        server?.timeout(request, 0)
        const summary = await remakeSummary(deps, user.id, id)
        return summary === null ? status(202, {}) : viewOfSummary(summary)
      },
      {
        auth: 'user',
        response: { 200: summaryView, 202: summaryComingView },
        detail: operations.remakeSummary,
      },
    )
}

function viewOfSummary(summary: Summary) {
  return {
    through_message_id: summary.throughMessageId,
    text: summary.text,
    message_count: summary.messageCount,
    tokens: summary.tokens,
    model: summary.model,
    created_at: summary.createdAt.toISOString(),
  }
}
