/** Tags as Lambda Cloud takes them, which is narrower than what AWS takes. */
import { CliError } from '../cli';

/** RequestedTagEntry of the API's document. */
const KEY = /^[a-z][a-z0-9-:]+$/;
const MAX_KEY = 55;
const MAX_VALUE = 128;

/** @throws CliError for a tag that the API would refuse */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (!KEY.test(key) || key.length > MAX_KEY)
      throw new CliError(
        `tag '${key}'; allowed on Lambda Cloud: a small letter, then small letters, digits, - and :, at most ${MAX_KEY} in all`,
      );
    if (value.length > MAX_VALUE)
      throw new CliError(
        `tag ${key}: ${value.length} characters; allowed on Lambda Cloud: at most ${MAX_VALUE}`,
      );
  }
}
