/** Light, dark, or as the system says. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { useId } from 'react';
import { setTheme, type Theme, THEMES, useTheme } from '../lib/theme';

const LOOK: Readonly<Record<Theme, { readonly icon: typeof Sun; readonly label: string }>> = {
  system: { icon: Monitor, label: 'As the system' },
  light: { icon: Sun, label: 'Light' },
  dark: { icon: Moon, label: 'Dark' },
};

export function ThemeSwitch() {
  const theme = useTheme();
  const name = useId();
  return (
    <fieldset className="flex rounded-md border border-line p-0.5">
      <legend className="sr-only">Theme</legend>
      {THEMES.map((each) => {
        const { icon: Icon, label } = LOOK[each];
        return (
          <label
            key={each}
            title={label}
            className="rounded-sm p-1 text-soft hover:text-ink has-checked:bg-sunken has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              checked={theme === each}
              onChange={() => setTheme(each)}
              className="sr-only"
            />
            <Icon aria-hidden className="size-4" />
            <span className="sr-only">{label}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
