/** How the live site has always asked its model. */
export const sampling = { temperature: 0.7, maxTokens: 2000 }
