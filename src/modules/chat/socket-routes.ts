import { Elysia, getSchemaValidator, ValidationError } from 'elysia'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { readBearer } from '../../http/bearer.ts'
import { parseJson } from '../../http/body.ts'
import { clientOf } from '../../http/client-ip.ts'
import { toAppError } from '../../http/to-app-error.ts'
import { openSocket, socketLimits } from '../../http/web-socket.ts'
import { countApiHit } from '../auth/api-limits.ts'
import { authGuard, credentialOf } from '../auth/guard.ts'
import { maxRequestBytes } from './message-content.ts'
import { operations } from './operations.ts'
import { clientFrames, socketQuery, ticketView } from './schema.ts'
import { createSocketSeats } from './socket-seats.ts'
import { type ReadFrame, serveSocket } from './socket-session.ts'
import { countStranger, createSocketTicket, takeSocketTicket, ticketLifeSeconds } from './socket-ticket.ts'

/** Chat over one WebSocket. Whose it is: cookie, Authorization, `?ticket=`, or the first frame. */
export function socketRoutes(deps: Deps) {
  const seats = createSocketSeats(deps, deps.config.turns.maxSocketsPerUser)
  const readFrame = frameReader()

  return new Elysia({ name: 'sockets', prefix: '/api/v1' })
    .use(authGuard(deps))
    .post(
      '/ws/tickets',
      async ({ sessionId }) => ({
        ticket: await createSocketTicket(deps, sessionId),
        expires_in: ticketLifeSeconds,
      }),
      { auth: 'user', response: ticketView, detail: operations.createSocketTicket },
    )
    .get(
      '/ws/chat',
      async ({ request, server, query: { ticket } }) => {
        const credential =
          ticket === undefined ? await credentialOf(deps, request) : await takeSocketTicket(deps, ticket)
        if (credential !== null) await countApiHit(deps, credential.user.id)
        else if (readBearer(request) !== null)
          throw new AppError('unauthenticated', 'This token is not valid')
        else await countStranger(deps, clientOf({ request, server }, deps.config).ip)
        const mayLogIn = ticket === undefined
        return openSocket(request, server, (socket) =>
          serveSocket(deps, { socket, seats, credential, mayLogIn, readFrame }),
        )
      },
      { query: socketQuery, detail: operations.openSocket },
    )
}

/** For the server that listens. */
export function socketSettings(config: Config) {
  return socketLimits(maxRequestBytes(config))
}

/** Reads what a client wrote, as a body is read: by a schema, and without what it does not name. */
function frameReader(): (text: string) => ReadFrame {
  const validators = Object.fromEntries(
    Object.entries(clientFrames).map(([type, schema]) => [
      type,
      getSchemaValidator(schema, { additionalProperties: true }),
    ]),
  )
  return (text) => {
    let id: string | undefined
    try {
      const value = parseJson(text)
      if (typeof value !== 'object' || value === null) throw invalid('A frame is a JSON object')
      if ('id' in value && typeof value.id === 'string') id = value.id.slice(0, maxIdLength)
      const type = 'type' in value && typeof value.type === 'string' ? value.type : ''
      const validator = Object.hasOwn(validators, type) ? validators[type] : undefined
      if (validator === undefined) throw invalid('There is no frame of this type')
      if (!validator.Check(value)) throw new ValidationError('message', validator, value)
      return { id, frame: value as never }
    } catch (error) {
      return {
        id,
        frame: error instanceof SyntaxError ? invalid('The frame is not JSON') : toAppError(error),
      }
    }
  }
}

const maxIdLength = 64

function invalid(message: string): AppError {
  return new AppError('invalid_request', message)
}
