/** The one module of undici that is used: its entry would bring the fetch API, WebSocket and caches into the bundle, a megabyte. */
declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici';
}
