import { type Answer, describeOperations } from '../../lib/operation.ts'
import { importEvent, importView } from './schema.ts'

const tag = {
  name: 'Export and import',
  description:
    'All that a person has said and was told, as a file. Our own format is JSON: `{"format":"cloudchat","version":1,"exported_at":…,"conversations":[…]}`, each conversation with `id`, `title`, `model`, `system_prompt`, `parameters`, `pinned`, `archived`, `tags` (names), `created_at`, `updated_at`, `current_message_id` and `messages`; each message with `id`, `parent_id`, `role`, `content`, `status`, `created_at` and, where there is one, `reasoning`, `model`, `usage`, `finish_reason`, `error_code`, `duration_ms`, `time_to_first_token_ms`, `rating` and `rating_note`. Messages are a tree with all its branches, parents first.',
}

const headers = {
  'Content-Disposition': 'The name of the file.',
  'X-Total-Conversations':
    'How many conversations there are in it: in JSON each begins a line, in an archive each is a file.',
  'X-Total-Messages': 'How many messages these have, on all branches.',
}
const binary = { type: 'string', format: 'binary' }
const cutOff = 'An export that fails on the way is cut off: its connection ends without the end of the file.'

const file: Answer = {
  description: `The file. ${cutOff}`,
  content: {
    'application/json': { schema: { type: 'object' } },
    'text/markdown': { schema: { type: 'string' } },
  },
  headers,
}

const files: Answer = {
  description: `The file, or an archive of Markdown files. ${cutOff}`,
  content: { 'application/json': { schema: { type: 'object' } }, 'application/zip': { schema: binary } },
  headers,
}

export const operations = describeOperations(tag, {
  exportConversation: {
    summary: 'Export a conversation',
    description:
      'As JSON with all its branches, or as Markdown with the one that is shown. A temporary one can be exported, one in the bin is not found.',
    codes: ['not_found', 'shutting_down'],
    answers: { 200: file },
  },
  exportLibrary: {
    summary: 'Export many conversations, or all',
    description:
      'As one JSON file, or as a ZIP archive with a Markdown file for each. In the order in which they were begun. Read while it is sent: what changes meanwhile may be in it or not. `not_found`: one of `ids` is not there.',
    codes: ['not_found', 'shutting_down'],
    answers: { 200: files },
  },
  importLibrary: {
    summary: 'Import conversations',
    description:
      'The body is the file itself: our own JSON, `conversations.json` as ChatGPT or Claude export it, or the ZIP archive with it; which, its content tells. Branches, their order and dates are kept; ids are new. What was imported before is known by its origin. Each conversation comes as a whole or not at all: an import that is broken off, or a file that is damaged further on, leaves those before (`conversations_imported` of the error says how many). A conversation may have 16 MiB and 20,000 messages. With `Accept: application/x-ndjson` or `text/event-stream` there is word of it as it goes, once the whole file has been sent: `progress` twice a second, and last `report` or `error`.',
    codes: ['conflict', 'payload_too_large', 'unsupported_media_type', 'shutting_down'],
    body: {
      description: 'The file. As `application/zip` or `application/octet-stream` just as well.',
      type: ['object', 'array'],
    },
    answers: {
      200: {
        description: 'What has come of it.',
        content: {
          'application/json': { schema: importView },
          'application/x-ndjson': {
            schema: { type: 'string' },
            events: importEvent,
            example: '{"event":"progress","data":{"conversations":{"imported":12}}}\n',
          },
          'text/event-stream': { schema: { type: 'string' }, events: importEvent },
        },
      },
    },
  },
})
