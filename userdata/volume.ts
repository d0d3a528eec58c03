/** The part of a VM's script that brings up the volume which outlives the VM. */
import { section } from './provision';

export interface VolumeProps {
  /** Of its file system, by which it is known again: at most 16 characters. */
  readonly label: string;
  /** Where it is mounted. */
  readonly path: string;
}

/** Attached some time after the VM was started, under a name that depends on the machine: it is known by its label. */
export const mountedVolume = ({ label, path }: VolumeProps): string =>
  section('The volume of the data: formatted only when it is empty, and never anything else', [
    'find_volume() {',
    '  local disk signatures',
    '  volume="" empty=()',
    '  for disk in $(lsblk --noheadings --nodeps --paths --output NAME,TYPE | awk \'$2 == "disk" { print $1 }\'); do',
    '    # One with partitions is the system’s, or somebody’s.',
    '    [ "$(lsblk --noheadings --list --output NAME "$disk" | wc -l)" -eq 1 ] || continue',
    '    signatures=$(wipefs --noheadings --output TYPE,LABEL "$disk") || die "$disk cannot be read"',
    '    case "$signatures" in',
    '      "") empty+=("$disk") ;;',
    `      *" ${label}") volume=$disk ;;`,
    '    esac',
    '  done',
    '  [ -n "$volume" ] || [ "${#empty[@]}" -gt 0 ]',
    '}',
    `if ! mountpoint --quiet ${path}; then`,
    '  tries=60',
    '  until find_volume; do',
    '    [ $((tries -= 1)) -gt 0 ] || die "no volume for the data is attached"',
    '    sleep 5',
    '  done',
    '  if [ -z "$volume" ]; then',
    '    [ "${#empty[@]}" -eq 1 ] || die "${empty[*]} are empty; allowed: one volume for the data"',
    '    volume=${empty[0]}',
    '    say "$volume is empty: formatting it"',
    `    mkfs.ext4 -q -L ${label} "$volume"`,
    '  fi',
    '  e2fsck -p "$volume" >&2 || [ $? -eq 1 ] || die "$volume: its file system is damaged; restore a backup"',
    `  mkdir -p ${path}`,
    `  mount -o nodev,nosuid,noexec "$volume" ${path}`,
    '  # It may have been made larger meanwhile.',
    '  resize2fs "$volume" >&2',
    'fi',
  ]);
