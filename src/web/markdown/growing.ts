import { createContext } from 'preact'

/** Whether the block that this is in is still being written. */
export const Growing = createContext(false)
