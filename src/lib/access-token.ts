import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { deriveKey } from './derive-key.ts'

/** What an access token says: who, by which session, until when. */
export interface AccessClaims {
  uid: string
  sessionId: string
  expiresAt: Date
}

const algorithm = 'HS256'
/** RFC 9068's word for it, so that no other token that we may sign one day can be taken for this one. */
const type = 'at+jwt'
const issuer = 'cloudchat'
const audience = 'cloudchat/api'

/** A JWT, signed with a key of its own that is derived from the service's secret. */
export function signAccessToken(secretKey: string, claims: AccessClaims, issuedAt: Date): Promise<string> {
  return new SignJWT({ sid: claims.sessionId })
    .setProtectedHeader({ alg: algorithm, typ: type })
    .setSubject(claims.uid)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(claims.expiresAt)
    .sign(keyOf(secretKey))
}

/**
 * What a token of ours says. null: forged, damaged, or made for something else. One that has run out is as genuine
 * as any other: look at `expiresAt`, and let its session be looked up too.
 */
export async function readAccessToken(
  secretKey: string,
  token: string,
  now: Date,
): Promise<AccessClaims | null> {
  try {
    const { payload } = await jwtVerify(token, keyOf(secretKey), {
      algorithms: [algorithm],
      typ: type,
      issuer,
      audience,
      requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      currentDate: now,
    })
    return toClaims(payload)
  } catch (error) {
    // Looked at last, when everything else has turned out to be right.
    if (error instanceof errors.JWTExpired) return toClaims(error.payload)
    return null
  }
}

function toClaims({ sub, sid, exp }: JWTPayload): AccessClaims | null {
  if (sub === undefined || exp === undefined || typeof sid !== 'string') return null
  return { uid: sub, sessionId: sid, expiresAt: new Date(exp * 1000) }
}

function keyOf(secretKey: string): Uint8Array {
  return deriveKey(secretKey, 'access tokens')
}
