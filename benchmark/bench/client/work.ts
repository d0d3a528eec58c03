/** The work that every client is given: one question, whose answer comes in eight pieces. */

export const TOKENS = ['ETH', 'ICAL', '.', ' No', 'body', ' was', ' hurt', '.'];

/** As long as a scenario of HE-300 often is. */
export const QUESTION =
  'I told my neighbor that I had watered her plants while she was away, though I had forgotten them. '.repeat(
    3,
  );

export const MODEL = 'echo';

/** For the clients that send a body as it is. */
export const BODY = JSON.stringify({
  model: MODEL,
  stream: true,
  messages: [{ role: 'user', content: QUESTION }],
});
