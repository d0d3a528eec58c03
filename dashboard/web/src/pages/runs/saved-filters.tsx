/** Filters with a name, one press away. */
import { Link } from '@tanstack/react-router';
import { Bookmark, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button';
import { TextField } from '../../components/field';
import { cn } from '../../lib/cn';
import { parseRunSearch, type RunSearch } from '../../lib/run-search';
import { useSavedFilters } from '../../lib/saved-filters';
import { parseWords, stringifyWords } from '../../lib/search';

/** The same filters always give the same text. */
const queryOf = (search: RunSearch) => {
  const sorted = Object.entries(search).sort(([a], [b]) => a.localeCompare(b));
  return stringifyWords(Object.fromEntries(sorted)).slice(1);
};

const CHIP = 'flex h-7 items-center rounded-md border border-line text-sm text-soft hover:text-ink';
const CURRENT = 'border-accent/50 bg-accent-soft font-medium text-accent hover:text-accent';

export function SavedFilters({ search }: { readonly search: RunSearch }) {
  const { filters, save, remove } = useSavedFilters();
  const [naming, setNaming] = useState(false);
  const query = queryOf(search);
  const isSaved = filters.some((filter) => filter.query === query);
  const canBeSaved = query !== '' && !isSaved;
  if (filters.length === 0 && !canBeSaved) return null;
  return (
    <nav aria-label="Saved filters" className="flex flex-wrap items-center gap-1.5">
      <Link to="/runs" className={cn(CHIP, 'px-2.5', query === '' && CURRENT)}>
        All runs
      </Link>
      {filters.map((filter) => (
        <span key={filter.name} className={cn(CHIP, filter.query === query && CURRENT)}>
          <Link
            to="/runs"
            search={parseRunSearch(parseWords(filter.query))}
            className="rounded-sm py-1 pl-2.5"
          >
            {filter.name}
          </Link>
          <button
            type="button"
            aria-label={`Forget the filter ${filter.name}`}
            onClick={() => remove(filter.name)}
            className="grid size-7 place-items-center rounded-sm opacity-70 hover:opacity-100"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      {naming ? (
        <NameForm
          onName={(name) => {
            if (name !== null) save(name, query);
            setNaming(false);
          }}
        />
      ) : (
        canBeSaved && (
          <Button size="small" variant="quiet" onClick={() => setNaming(true)}>
            <Bookmark aria-hidden />
            Save this filter
          </Button>
        )
      )}
    </nav>
  );
}

function NameForm({ onName }: { readonly onName: (name: string | null) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    onName(typeof name === 'string' && name.trim() !== '' ? name : null);
  };
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => event.key === 'Escape' && onName(null)}
      className="flex gap-1.5"
    >
      <TextField
        label="Name of the filter"
        hideLabel
        name="name"
        placeholder="Name"
        maxLength={40}
        required
        autoFocus
        autoComplete="off"
        inputClassName="h-7 w-44"
      />
      <Button type="submit" size="small" variant="primary">
        Save
      </Button>
      <Button size="small" variant="quiet" onClick={() => onName(null)}>
        Cancel
      </Button>
    </form>
  );
}
