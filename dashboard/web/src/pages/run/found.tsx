/** A text with what was looked for marked in it. */
import { highlight } from './highlight';

interface Props {
  readonly text: string;
  readonly words: string | undefined;
}

export const Found = ({ text, words }: Props) => (
  <bdi>
    {highlight(text, words).map((piece, i) =>
      piece.found ? (
        <mark key={i} className="rounded-xs bg-warn-soft text-warn underline">
          {piece.text}
        </mark>
      ) : (
        piece.text
      ),
    )}
  </bdi>
);
