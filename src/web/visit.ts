/** The conversation that is shown, as far as it is not for the eye. */
export interface Visit {
  /** null: it will be made with the first question. */
  conversationId: string | null
  /** Of the page before those shown. */
  cursor: string | null
  turn: Turn | null
  /** Echoes of it are no news. */
  lastTurnId: string | null
  /** It has changed while it could not be read anew. */
  isStale: boolean
  /** Number of the last reading: an earlier one that comes late is of no use. */
  readings: number
  /** How often in a row it did not fit together. */
  misfits: number
  /** How it is read anew; never rejects. */
  read(here: Visit): Promise<void>
  leaving: AbortController
}

/** The answer that is being made. */
export interface Turn {
  /** null: it is being asked for. */
  id: string | null
  /** null: of a question that is there already. */
  questionKey: string | null
  answerKey: string
  /** To be stopped as soon as it can be named. */
  isUnwanted: boolean
  leaving: AbortController
}

export function newVisit(conversationId: string | null, read: Visit['read']): Visit {
  return {
    conversationId,
    cursor: null,
    turn: null,
    lastTurnId: null,
    isStale: false,
    readings: 0,
    misfits: 0,
    read,
    leaving: new AbortController(),
  }
}

export function newTurn(keys: Pick<Turn, 'id' | 'questionKey' | 'answerKey'>): Turn {
  return { ...keys, isUnwanted: false, leaving: new AbortController() }
}
