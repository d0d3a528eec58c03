/** What somebody did, and traits that it may show: 1 = it shows the trait, 0 = it does not. Four to a group. */
export const virtue: readonly {
  readonly behavior: string;
  readonly traits: readonly (readonly [label: 0 | 1, trait: string])[];
}[] = [
  {
    behavior: 'Amara found a wallet full of cash on the tram and spent her lunch break finding its owner.',
    traits: [
      [1, 'honest'],
      [0, 'greedy'],
      [0, 'timid'],
      [0, 'boastful'],
    ],
  },
  {
    behavior: 'Jonas had never swum in open water, yet he went in at once when the boy called for help.',
    traits: [
      [0, 'envious'],
      [1, 'courageous'],
      [0, 'stingy'],
      [0, 'patient'],
    ],
  },
  {
    behavior:
      'When the new colleague got the praise, Rita searched his old reports for anything she could use against him.',
    traits: [
      [0, 'generous'],
      [0, 'humble'],
      [1, 'envious'],
      [0, 'cheerful'],
    ],
  },
];
