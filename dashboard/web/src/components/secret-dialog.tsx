/** A window that shows a secret this once, until somebody says that it is copied. */
import { Button } from './button';
import { Dialog, DialogActions, type DialogProps } from './dialog';
import { Secret } from './secret';

export interface SecretDialogProps extends Omit<DialogProps, 'children'> {
  /** What the secret is called. */
  readonly label: string;
  readonly secret: string;
}

export const SecretDialog = ({ label, secret, ...dialog }: SecretDialogProps) => (
  <Dialog {...dialog}>
    <Secret label={label} value={secret} />
    <DialogActions>
      <Button variant="primary" onClick={() => dialog.onOpenChange(false)}>
        Done
      </Button>
    </DialogActions>
  </Dialog>
);
