/** Gives an environment a new webhook key, which is made here in the browser and shown this once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { NewWebhookKey } from '../../../../api/access';
import { Button } from '../../components/button';
import { Dialog, DialogActions } from '../../components/dialog';
import { TextField } from '../../components/field';
import { SecretDialog } from '../../components/secret-dialog';
import { sendJson } from '../../lib/api';
import { webhookKeysQuery } from '../../lib/queries';

const KEY_BYTES = 32;

/** As Standard Webhooks writes a symmetric key. */
function makeKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

interface Wanted extends NewWebhookKey {
  readonly environment: string;
}

export interface NewKeyDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function NewKeyDialog({ open, onOpenChange }: NewKeyDialogProps) {
  const client = useQueryClient();
  const [made, setMade] = useState<Wanted | null>(null);
  const put = useMutation({
    mutationFn: ({ environment, ...body }: Wanted) =>
      sendJson<undefined>('PUT', `/api/webhook-keys/${encodeURIComponent(environment)}`, body),
    onSuccess: (_answer, wanted) => {
      setMade(wanted);
      return client.invalidateQueries({ queryKey: webhookKeysQuery.queryKey });
    },
  });
  const close = (next: boolean) => {
    onOpenChange(next);
    if (next) return;
    put.reset();
    setMade(null);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    put.mutate({
      environment: String(form.get('environment')),
      overlapHours: Number(form.get('overlap')),
      key: makeKey(),
    });
  };
  if (made)
    return (
      <SecretDialog
        open={open}
        onOpenChange={close}
        title={`New key of ${made.environment}`}
        description="Copy it now: it is not shown again. Give it to the environment’s hosts before the old one ends."
        label="Key"
        secret={made.key}
      />
    );
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title="New webhook key"
      description="Made here, and sent once. The one before it is taken for a while, so that hosts under way can finish."
    >
      <form onSubmit={submit} className="grid gap-3">
        <TextField
          label="Environment"
          name="environment"
          required
          autoFocus
          maxLength={12}
          pattern="[a-z][a-z0-9]{1,11}"
          hint="Such as dev: 2 to 12 lower-case letters and digits."
          autoComplete="off"
          error={put.error?.message}
        />
        <TextField
          label="Old key is taken for hours"
          name="overlap"
          type="number"
          min={0}
          max={720}
          defaultValue={24}
          required
          hint="0: hosts that still use it are refused at once."
        />
        <DialogActions>
          <Button variant="quiet" onClick={() => close(false)}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={put.isPending}>
            Make the key
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
