/** Where cloud-init looks for what it is told: https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html */
export const SEED = '/var/lib/cloud/seed/nocloud';
