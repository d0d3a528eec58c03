/**
 * A program that answers as nvidia-smi(1) describes `--query-gpu=… --format=csv,noheader,nounits -lms …`: the lines again
 * and again, or for a field that the driver does not know a message and exit code 2.
 */
export interface NvidiaSmiDoubleOptions {
  /** One of each GPU, without what `reasons` and `name` fill in at the end. */
  readonly lines: readonly string[];
  /** The field for clock reasons that this driver knows. @default clocks_event_reasons.active */
  readonly reasonsField?: string;
  /** Ends after so many rounds, as when the driver is unloaded. @default - goes on until it is killed */
  readonly rounds?: number;
  /** What the program leaves at its end, in the middle of a line. @default - nothing */
  readonly lastWords?: string;
}

/** A line as an A10G gives it. */
export const A10G_LINE = '0, 97, 18231, 141.25, 1335, 6251, 62, 0x0000000000000004, NVIDIA A10G';

/** The shell script. It appends its arguments to `$0.asked`. */
export function nvidiaSmiDouble({
  lines,
  reasonsField = 'clocks_event_reasons.active',
  rounds = 1_000_000,
  lastWords = '',
}: NvidiaSmiDoubleOptions): string {
  const print = lines.map((line) => `printf '%s\\n' '${line}'`).join('\n  ');
  return `
echo "$*" >> "$0.asked"
case "$1" in
  --query-gpu=*${reasonsField}*) ;;
  *) echo 'Field "clocks_event_reasons.active" is not a valid field to query.'; exit 2 ;;
esac
[ "$2 $3" = "--format=csv,noheader,nounits -lms" ] || exit 2
round=0
while [ $round -lt ${rounds} ]; do
  round=$((round + 1))
  ${print}
  /bin/sleep 0.02
done
printf '%s' '${lastWords}'
exit 1`;
}
