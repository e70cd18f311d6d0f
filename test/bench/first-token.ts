import { type Figure, quantile } from './figure.ts'
import { addPeople } from './people.ts'
import { startUpstreamProgram } from './programs.ts'
import { modelEnv, servicesEnv, startWith } from './service.ts'
import { loadTurns, questionsOf } from './turn-load.ts'

const perSecond = 50
const questionsARound = 500
const model = 'tokens-256'

/** From a question to the first word of its answer, at 50 questions a second, beside asking the upstream itself. */
export async function firstToken(): Promise<Figure[]> {
  const upstream = await startUpstreamProgram()
  const env = { ...(await servicesEnv()), ...modelEnv(upstream.port, model), MAX_TURNS_PER_USER: '0' }
  const service = await startWith(env)
  const people = await addPeople(env, { people: 500, conversationsEach: 4 })
  const throughService = async (from: number) => {
    const questions = questionsOf(people, questionsARound, from)
    return (await loadTurns({ port: service.port, questions, perSecond, followersEach: 0 }).tally).firstWordMs
  }
  const direct = async () => {
    const body = { model, messages: [{ role: 'user', content: 'And why is that?' }], stream: true }
    const question = { path: '/v1/chat/completions', token: 'none', body }
    const questions = Array.from({ length: questionsARound }, () => question)
    return (await loadTurns({ port: upstream.port, questions, perSecond, followersEach: 0 }).tally)
      .firstWordMs
  }
  await throughService(0)
  await direct()
  const byService: number[] = []
  const byUpstream: number[] = []
  for (let round = 1; round <= 3; round++) {
    byUpstream.push(...(await direct()))
    byService.push(...(await throughService(round * questionsARound)))
  }
  await service.stop()
  await upstream.stop()
  const figure = (name: string, share: number, limit: number): Figure => {
    const ofUpstream = quantile(byUpstream, share)
    return {
      what: `to the first word at ${perSecond} turns/s, ${name}, without the upstream’s time`,
      measured: quantile(byService, share) - ofUpstream,
      unit: 'ms',
      reference: { what: 'the upstream’s', measured: ofUpstream },
      goal: { is: 'at most', limit, of: 'value' },
    }
  }
  return [figure('p50', 0.5, 6), figure('p99', 0.99, 30)]
}
