import { addPeople, fill, type Person } from './people.ts'
import { startWith } from './service.ts'
import { questionsOf } from './turn-load.ts'
import { type Measured, measure, runWrk } from './wrk.ts'

/** Of each answer. */
export const tokens = 256

const questionsARound = 2500
const shape = { seconds: 4, connections: 32 }

/** The executable with 400 people who ask in 16,000 conversations; `path`: another build of it. */
export async function startTurnTrial(settings: Record<string, string>, path?: string) {
  const env = { ...settings, MAX_TURNS_PER_USER: '0' }
  const service = await startWith(env, path)
  const people = await addPeople(env, { people: 400, conversationsEach: 40 })
  // So wide that nobody reaches an end of it.
  await fill(env, (sql) =>
    sql.unsafe(
      `update plans set limits = '{"requests_day": 1000000, "tokens_month": 1000000000000}' where name = 'free'`,
    ),
  )
  let asked = 0
  const load = (people: Person[]) => {
    const asks = questionsOf(people, questionsARound, asked)
    asked += questionsARound
    return { ...shape, url: service.url, body: { content: 'And why is that?' }, asks }
  }
  await runWrk(load(people))
  return {
    async measureRound(): Promise<Measured> {
      const measured = await measure(service, load(people))
      // An answer that failed is shorter.
      if (measured.bytesPerAnswer < tokens * 6) {
        throw new Error(`${measured.bytesPerAnswer} bytes an answer: not all is there`)
      }
      return measured
    },
    stop: () => service.stop(),
  }
}
