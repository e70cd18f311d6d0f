import { formatArray, parseArray } from './array-text.ts'

/**
 * How values travel to and from postgres.js. Moments stay text, which drizzle converts column by column; so does
 * what is wider than a JavaScript number. Parameters may be text already, or plain values.
 */
export const postgresTypes = {
  moment: {
    to: 1184,
    // date, time, timestamp, timestamptz, timetz
    from: [1082, 1083, 1114, 1184, 1266],
    serialize: (value: unknown) => (value instanceof Date ? value.toISOString() : value),
    parse: asText,
  },
  json: {
    to: 114,
    from: [114, 3802],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string) => JSON.parse(text),
  },
  // smallint, integer, oid, real, double precision
  numbers: arrayOf([1005, 1007, 1028, 1021, 1022], Number),
  truths: arrayOf([1000], (text) => text === 't'),
  jsons: arrayOf([199, 3807], (text) => JSON.parse(text)),
  // text, char, varchar, bigint, uuid, numeric, date, timestamp, timestamptz, interval
  texts: arrayOf([1009, 1014, 1015, 1016, 2951, 1231, 1182, 1115, 1185, 1187], asText),
}

function arrayOf<T>(oids: [number, ...number[]], parseItem: (item: string) => T) {
  return {
    to: oids[0],
    from: oids,
    serialize: formatArray,
    parse: (text: string) => parseArray(text, parseItem),
  }
}

function asText(text: string): string {
  return text
}
