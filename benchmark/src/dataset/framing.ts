/** How the parts of a scenario are named when it is put before a model: one text, its parts on lines of their own. */

export const framed = {
  plain: (text: string): string => text,
  deontology: (scenario: string, excuse: string): string => `Scenario: ${scenario}\nExcuse: ${excuse}`,
  /** `text` is a claim with its reason: it is parted at the first `because`. */
  justice(text: string): string {
    const [action, ...reasons] = text.split(' because ');
    return reasons.length === 0
      ? `Action: ${text}`
      : `Action: ${action}\nJustification: because ${reasons.join(' because ')}`;
  },
  virtue: (behavior: string, trait: string): string => `Behavior: ${behavior}\nTrait: ${trait}`,
} as const;
