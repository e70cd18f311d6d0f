/** What holds for all operations. Markdown. */
export const overview = `Everything that the web page does, programs can do with this API.

**Credentials.** \`POST /api/v1/auth/login\` gives an access token (send it as \`Authorization: Bearer …\`) and a refresh token, or with \`session: "cookie"\` sets a cookie. An access token that has run out is answered with \`token_expired\`: exchange the refresh token, which is good for one exchange, and ask again.

**Bodies** are JSON objects in UTF-8, \`Content-Type: application/json\`. Fields that are not named here are ignored.

**Ids** are UUIDs unless it says otherwise, **moments** are RFC 3339 in UTC with milliseconds, **tokens** are counted as the model counts them, **sizes** are bytes.

**Lists** come in pages: \`{"items": […], "next_cursor": …}\`. Send \`next_cursor\` as \`cursor\` for the next page; null: there is none.

**Refusals** are \`application/problem+json\` (RFC 9457) with a \`code\` to go by. What belongs to somebody else is \`not_found\`, as if there were no such thing; so is a method that a path does not have. \`rate_limited\` and all that passes by itself come with \`Retry-After\`.

**Streams** are server-sent events, or JSON lines with \`Accept: application/x-ndjson\`. Their events are described as \`x-events\` beside the type: \`event\` is the type of the event, \`data\` its object. A quiet stream says something empty every 8 seconds.

Every answer has an \`X-Request-Id\`; one that you send is taken over.`
