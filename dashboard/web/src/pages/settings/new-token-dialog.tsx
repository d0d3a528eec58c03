/** Makes a token, and shows its secret this once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CreatedToken, NewToken, Role } from '../../../../api/access';
import { Button } from '../../components/button';
import { Dialog, DialogActions } from '../../components/dialog';
import { Select, TextField } from '../../components/field';
import { SecretDialog } from '../../components/secret-dialog';
import { sendJson } from '../../lib/api';
import { tokensQuery } from '../../lib/queries';

const ROLES: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'viewer', label: 'Viewer: reads' },
  { value: 'runner', label: 'Runner: uploads artifacts too' },
  { value: 'admin', label: 'Admin: changes tokens and keys too' },
];

export interface NewTokenDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function NewTokenDialog({ open, onOpenChange }: NewTokenDialogProps) {
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (wanted: NewToken) => sendJson<CreatedToken>('POST', '/api/tokens', wanted),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) create.reset();
  };
  if (create.data)
    return (
      <SecretDialog
        open={open}
        onOpenChange={close}
        title={`Token ${create.data.name}`}
        description="Copy it now: it is not shown again."
        label="Token"
        secret={create.data.secret}
      />
    );
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title="New token"
      description="One for each person and each host, so that one can be revoked alone."
    >
      <TokenForm
        error={create.error?.message}
        pending={create.isPending}
        onSubmit={create.mutate}
        onCancel={() => close(false)}
      />
    </Dialog>
  );
}

interface TokenFormProps {
  readonly error: string | undefined;
  readonly pending: boolean;
  readonly onSubmit: (wanted: NewToken) => void;
  readonly onCancel: () => void;
}

function TokenForm({ error, pending, onSubmit, onCancel }: TokenFormProps) {
  const [role, setRole] = useState<Role>('viewer');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = String(form.get('days') ?? '');
    onSubmit({
      name: String(form.get('name')).trim(),
      role,
      environment: String(form.get('environment') ?? '') || null,
      expiresInDays: days === '' ? null : Number(days),
    });
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      <TextField
        label="Name"
        name="name"
        required
        maxLength={64}
        autoComplete="off"
        autoFocus
        error={error}
      />
      <Select
        label="Role"
        value={role}
        options={ROLES}
        onValueChange={(value) => setRole(ROLES.find((each) => each.value === value)?.value ?? 'viewer')}
      />
      {role === 'runner' && (
        <TextField
          label="Environment"
          name="environment"
          maxLength={12}
          pattern="[a-z][a-z0-9]{1,11}"
          hint="The only one that it may upload for, such as dev. Empty: all."
          autoComplete="off"
        />
      )}
      <TextField
        label="Valid for days"
        name="days"
        type="number"
        min={1}
        max={3650}
        hint="Empty: until it is revoked."
      />
      <DialogActions>
        <Button variant="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" disabled={pending}>
          Make the token
        </Button>
      </DialogActions>
    </form>
  );
}
