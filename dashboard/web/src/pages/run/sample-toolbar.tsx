/** Which answers are shown. What is chosen stands in the address. */
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../components/button';
import { Select, TextField } from '../../components/field';
import { CATEGORIES, CATEGORY_LABEL, OUTCOME_LABEL } from '../../lib/labels';
import { categoryOf, OUTCOMES, outcomesOf, type SampleWords, toggled } from './sample-filters';

interface Props {
  readonly words: SampleWords;
  readonly onChange: (changes: { readonly [K in keyof SampleWords]: string | undefined }) => void;
}

export function SampleToolbar({ words, onChange }: Props) {
  const chosen = outcomesOf(words);
  return (
    <div className="flex flex-wrap items-end gap-3">
      <WordSearch value={words.q ?? ''} onSearch={(q) => onChange({ q: q || undefined })} />
      <Select
        label="Category"
        className="w-48 max-sm:w-full"
        value={categoryOf(words) ?? ''}
        onValueChange={(category) => onChange({ category: category || undefined })}
        options={[
          { value: '', label: 'All categories' },
          ...CATEGORIES.map((category) => ({ value: category, label: CATEGORY_LABEL[category] })),
        ]}
      />
      <fieldset className="min-w-0">
        <legend className="mb-1 text-xs font-medium text-soft">Outcome</legend>
        <div className="flex flex-wrap gap-1.5">
          {OUTCOMES.map((outcome) => {
            const pressed = chosen.includes(outcome);
            return (
              <Button
                key={outcome}
                aria-pressed={pressed}
                className={pressed ? 'border-accent bg-accent-soft text-accent hover:bg-accent-soft' : ''}
                onClick={() => onChange({ outcome: toggled(words, outcome) })}
              >
                {OUTCOME_LABEL[outcome]}
              </Button>
            );
          })}
        </div>
      </fieldset>
    </div>
  );
}

interface WordSearchProps {
  readonly value: string;
  readonly onSearch: (words: string) => void;
}

/** Looks when Enter is pressed or the field is left: each look is a question to the server. */
function WordSearch({ value, onSearch }: WordSearchProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const search = () => {
    if (text.trim() !== value) onSearch(text.trim());
  };
  return (
    <form
      role="search"
      className="flex min-w-0 flex-1 basis-64 items-end gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <TextField
        label="Words in the prompt, the answer or the id"
        type="search"
        className="flex-1"
        value={text}
        maxLength={200}
        placeholder="for example: promised friend"
        onChange={(event) => {
          setText(event.target.value);
          // The cross of the field empties it without a press of Enter.
          if (event.target.value === '' && value !== '') onSearch('');
        }}
        onBlur={search}
      />
      <Button type="submit" size="icon">
        <Search aria-hidden />
        <span className="sr-only">Search</span>
      </Button>
    </form>
  );
}
