/** The live site's proxy takes its prefix away; without that proxy the front end asks with it. */
export const prefixes = ['', '/cloudchat'] as const
