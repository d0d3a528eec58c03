/** What narrows the list of runs. Every change goes to the address at once; typed words when the typing rests. */
import { useQuery } from '@tanstack/react-query';
import { Search, SlidersHorizontal, X } from 'lucide-react';
import { useState } from 'react';
import type { RunState } from '@he300/benchmark/contract';
import { Button } from '../../components/button';
import { Select } from '../../components/field';
import { StateBadge } from '../../components/state-badge';
import { SPECS, STATES, TRIGGER_LABEL } from '../../lib/labels';
import { modelsQuery } from '../../lib/queries';
import { filterCount, parseRunSearch, type RunSearch, statesOf } from '../../lib/run-search';
import { RestingField } from '../../components/resting-field';

export interface FiltersProps {
  readonly search: RunSearch;
  readonly onChange: (changes: { readonly [K in keyof RunSearch]: RunSearch[K] | undefined }) => void;
}

const NONE = { value: '', label: 'Any' };

export function Filters({ search, onChange }: FiltersProps) {
  const { state: _state, q: _q, ...rest } = search;
  const [open, setOpen] = useState(filterCount(rest) > 0);
  const count = filterCount(search);
  return (
    <search aria-label="Filter runs" className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="relative min-w-60 flex-1 sm:max-w-sm">
          <RestingField
            label="Search"
            hideLabel
            type="search"
            placeholder="Id, model, branch or commit"
            inputClassName="pl-8"
            maxLength={100}
            value={search.q ?? ''}
            onRest={(q) => onChange({ q: q || undefined })}
          />
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-soft" />
        </div>
        <States search={search} onChange={onChange} />
        <div className="flex gap-2 sm:ml-auto">
          {count > 0 && (
            <Button variant="quiet" onClick={() => onChange(nothing(search))}>
              <X aria-hidden />
              Clear
            </Button>
          )}
          <Button aria-expanded={open} aria-controls="more-filters" onClick={() => setOpen(!open)}>
            <SlidersHorizontal aria-hidden />
            Filters
            {filterCount(rest) > 0 && (
              <span className="rounded-full bg-accent px-1.5 text-xs text-on-accent">
                {filterCount(rest)}
              </span>
            )}
          </Button>
        </div>
      </div>
      {open && <More search={search} onChange={onChange} />}
    </search>
  );
}

const nothing = (search: RunSearch) =>
  Object.fromEntries(Object.keys(search).map((name) => [name, name === 'sort' ? search.sort : undefined]));

function States({ search, onChange }: FiltersProps) {
  const chosen = statesOf(search);
  const toggle = (state: RunState) => {
    const next = STATES.filter((each) => (each === state) !== chosen.includes(each));
    onChange({ state: next.length === 0 ? undefined : next.join(',') });
  };
  return (
    <div role="group" aria-label="States" className="flex flex-wrap gap-1">
      {STATES.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={chosen.includes(state)}
          onClick={() => toggle(state)}
          className="flex h-8 items-center rounded-md border border-line px-1.5 hover:border-control aria-pressed:border-accent aria-pressed:bg-accent-soft"
        >
          <StateBadge state={state} still />
        </button>
      ))}
    </div>
  );
}

function More({ search, onChange }: FiltersProps) {
  const models = useQuery(modelsQuery()).data?.items.map((row) => row.model) ?? [];
  const words = (name: 'model' | 'branch' | 'environment' | 'seed' | 'pullRequest') => ({
    value: String(search[name] ?? ''),
    // The address's own reading decides what of it makes sense.
    onRest: (text: string) => onChange({ [name]: parseRunSearch({ [name]: text })[name] }),
  });
  const day = (name: 'from' | 'to') => ({
    type: 'date',
    value: search[name]?.slice(0, 10) ?? '',
    onRest: (text: string) => onChange({ [name]: parseRunSearch({ [name]: text })[name] }),
  });
  const choices = <T extends string>(
    values: readonly T[],
    label: (value: T) => string = (value) => value,
  ) => [NONE, ...values.map((value) => ({ value, label: label(value) }))];
  return (
    <div
      id="more-filters"
      className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-3 rounded-lg border border-line bg-card p-4"
    >
      <RestingField
        label="Model"
        list="models"
        autoComplete="off"
        placeholder="Exactly"
        {...words('model')}
      />
      <datalist id="models">
        {[...new Set(models)].map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      <Select
        label="Specification"
        value={search.spec ?? ''}
        onValueChange={(spec) => onChange({ spec: parseRunSearch({ spec }).spec })}
        options={choices(SPECS)}
      />
      <RestingField label="Seed" inputMode="numeric" {...words('seed')} />
      <RestingField label="Environment" maxLength={12} {...words('environment')} />
      <Select
        label="Trigger"
        value={search.trigger ?? ''}
        onValueChange={(trigger) => onChange({ trigger: parseRunSearch({ trigger }).trigger })}
        options={choices(
          Object.keys(TRIGGER_LABEL) as (keyof typeof TRIGGER_LABEL)[],
          (kind) => TRIGGER_LABEL[kind],
        )}
      />
      <RestingField label="Branch" {...words('branch')} />
      <RestingField label="Pull request" inputMode="numeric" {...words('pullRequest')} />
      <RestingField label="Created from (UTC)" {...day('from')} />
      <RestingField label="Created before (UTC)" {...day('to')} />
    </div>
  );
}
