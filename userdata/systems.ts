/** The operating systems that hosts are started from, how each is told from the others, and how each gets what it lacks. */

/** Packages of the system's own archive, or why it cannot have them. */
export type Means = { readonly packages: readonly string[] } | { readonly refused: string };

export interface System {
  readonly id: string;
  readonly title: string;
  /** Condition of the shell; `ID` and `VERSION_ID` are those of os-release(5). */
  readonly detect: string;
  readonly driver: Means;
  readonly docker: Means;
  /** NVIDIA's container toolkit, from NVIDIA's own archive. */
  readonly toolkit: Means;
}

/** The branch for servers with the open kernel modules, as signed modules of the running kernel. */
const UBUNTU_DRIVER: Means = {
  packages: [
    'linux-modules-nvidia-580-server-open-$(uname -r)',
    'nvidia-headless-no-dkms-580-server-open',
    'nvidia-utils-580-server',
  ],
};
const TOOLKIT: Means = { packages: ['nvidia-container-toolkit'] };
const DOCKER: Means = { packages: ['docker.io'] };
const brought = (image: string): Means => ({ refused: `${image} brings its own, and this one has none` });

/** In the order in which they are tried: the first two are Ubuntu as well. */
export const SYSTEMS: readonly System[] = [
  {
    id: 'lambda-stack',
    title: 'Lambda Stack',
    detect: '[ -e /etc/lambda-stack ] || [ -e /etc/lambda-stack-version ]',
    driver: brought('Lambda Stack'),
    docker: DOCKER,
    toolkit: TOOLKIT,
  },
  {
    id: 'deep-learning-base',
    title: 'AWS Deep Learning base image (Ubuntu)',
    detect: '[ -d /opt/aws/dlami ]',
    driver: brought('the Deep Learning base image'),
    docker: DOCKER,
    toolkit: TOOLKIT,
  },
  {
    id: 'ubuntu-22.04',
    title: 'Ubuntu 22.04',
    detect: '[ "$ID $VERSION_ID" = "ubuntu 22.04" ]',
    driver: UBUNTU_DRIVER,
    docker: DOCKER,
    toolkit: TOOLKIT,
  },
  {
    id: 'ubuntu-24.04',
    title: 'Ubuntu 24.04',
    detect: '[ "$ID $VERSION_ID" = "ubuntu 24.04" ]',
    driver: UBUNTU_DRIVER,
    docker: DOCKER,
    toolkit: TOOLKIT,
  },
  {
    id: 'debian-12',
    title: 'Debian 12',
    detect: '[ "$ID $VERSION_ID" = "debian 12" ]',
    // Its archive has one, in a section that images leave out, and older than what runs our models elsewhere.
    driver: { refused: 'Debian 12 is for hosts without a GPU' },
    docker: DOCKER,
    toolkit: TOOLKIT,
  },
];
