/** Asks before a token is revoked: it cannot be undone. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Token } from '../../../../api/access';
import { Button } from '../../components/button';
import { Dialog, DialogActions } from '../../components/dialog';
import { sendJson } from '../../lib/api';
import { tokensQuery } from '../../lib/queries';

export interface RevokeDialogProps {
  /** Null: closed. */
  readonly token: Token | null;
  readonly onClose: () => void;
}

export function RevokeDialog({ token, onClose }: RevokeDialogProps) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => sendJson<undefined>('DELETE', `/api/tokens/${encodeURIComponent(id)}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
      onClose();
    },
  });
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <Dialog
      open={token !== null}
      onOpenChange={(open) => !open && close()}
      title={`Revoke ${token?.name ?? ''}?`}
      description="Whoever uses it is locked out at once, and its sessions end. This cannot be undone."
    >
      {revoke.error && (
        <p role="alert" className="text-sm text-bad">
          {revoke.error.message}
        </p>
      )}
      <DialogActions>
        <Button variant="quiet" onClick={close}>
          Cancel
        </Button>
        <Button variant="danger" disabled={revoke.isPending} onClick={() => token && revoke.mutate(token.id)}>
          Revoke
        </Button>
      </DialogActions>
    </Dialog>
  );
}
