import { t } from 'elysia'
import { moment } from '../../http/schema-fields.ts'
import { spread } from '../usage/latency-schema.ts'

const count = (description: string) => t.Integer({ description })

const callsView = t.Object(
  {
    calls: count('Turns and calls that ended, titles and summaries too.'),
    failed: count('Of them, those that failed.'),
    stopped: count('Those that somebody has stopped or left.'),
    interrupted: count('Those that ended with the process that made them.'),
    error_rate: t.Nullable(
      t.Number({ description: 'Failed ones among all calls, 0 to 1; null: there were none.' }),
    ),
    first_token_ms: spread('Until the first word, of the newest 50,000; null: there was none.'),
    duration_ms: spread('Of those of the newest 50,000 that came to their end; null: none did.'),
  },
  { title: 'RecentCalls' },
)

export const overviewView = t.Object(
  {
    live: t.Object(
      {
        instances: count('Processes that serve together.'),
        turns: count('Answers being generated, by any of them.'),
        turns_here: count('Those that the instance generates that answers this.'),
        streams_here: count('Its open streams and sockets of people who are logged in.'),
        calls_here: count('Its answers to API keys that are under way.'),
      },
      { description: 'At this moment.' },
    ),
    last_hour: callsView,
    last_24_hours: callsView,
    errors: t.Array(
      t.Object({
        code: t.Nullable(t.String({ description: 'Why; null: it is not known.' })),
        model: t.String({ description: 'Which model failed.' }),
        last_hour: count('So often.'),
        last_24_hours: count('So often.'),
        last_at: moment('The last time.'),
      }),
      { description: 'What failed within 24 hours, the latest first; 20 at most.' },
    ),
    mail: t.Object(
      {
        waiting: count('Letters that are not sent yet.'),
        failing: count('Those of them that the mail server did not take.'),
      },
      { description: 'What is on its way.' },
    ),
    files: t.Object(
      {
        store: t.Union([t.Literal('disk'), t.Literal('s3')], {
          description: 'On the disk of the instance that answers this, or in a bucket.',
        }),
        works: t.Boolean({ description: 'Within the last minute one was stored, read and deleted.' }),
      },
      { description: 'Where pictures are kept.' },
    ),
    versions: t.Object(
      {
        service: t.String({ description: 'Of this program.' }),
        runtime: t.String({ description: 'Of what it runs on.' }),
        database: t.String({ description: 'Of the database.' }),
      },
      { description: 'What is running.' },
    ),
    memory_bytes: count('Resident memory of the instance that answers this.'),
  },
  { title: 'Overview' },
)
