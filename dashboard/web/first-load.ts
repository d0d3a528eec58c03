/** Vite plugin: prints what a first visit loads, and fails the build when its JavaScript is too much. */
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** Counts the entry and what it imports at once, each file gzipped as a server would send it. */
export function firstLoad(limitKilobytes: number): Plugin {
  return {
    name: 'he300-first-load',
    apply: 'build',
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
      const first = new Set(chunks.filter((chunk) => chunk.isEntry));
      for (const chunk of first)
        for (const name of chunk.imports) {
          const imported = chunks.find((other) => other.fileName === name);
          if (imported) first.add(imported);
        }
      const bytes = [...first].reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0);
      this.info(`first load: ${kilobytes(bytes)} of JavaScript, gzipped; allowed: ${limitKilobytes} kB`);
      if (bytes > limitKilobytes * 1000)
        this.error(`first load: ${kilobytes(bytes)} of JavaScript; allowed: ${limitKilobytes} kB`);
    },
  };
}
