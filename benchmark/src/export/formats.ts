/** What a run can be exported as. */
export const FORMATS = ['csv', 'json', 'inspect', 'lm-eval'] as const;
export type Format = (typeof FORMATS)[number];
