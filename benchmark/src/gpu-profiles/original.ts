/** The setting that HE-300 was first measured with: four slots of 8,192 tokens, whatever the memory would have allowed. */
export const ORIGINAL = { slots: 4, contextTokens: 8192 } as const;
