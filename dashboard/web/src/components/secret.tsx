/** A secret that is shown this once, to be copied. */
import { CopyButton } from './copy-button';

export interface SecretProps {
  readonly label: string;
  readonly value: string;
}

export const Secret = ({ label, value }: SecretProps) => (
  <div>
    <p className="mb-1 text-xs font-medium text-soft">{label}</p>
    <code className="block rounded-md border border-line bg-sunken p-3 font-mono text-xs break-all select-all">
      {value}
    </code>
    <div className="mt-2">
      <CopyButton value={value} name={label.toLowerCase()} withText />
    </div>
  </div>
);
