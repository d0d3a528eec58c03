import type { Command } from './command';
import { firewall } from './firewall';
import { launch } from './launch';
import { list } from './list';
import { terminate } from './terminate';
import { types } from './types';
import { wait } from './wait';

export const COMMANDS: Readonly<Record<string, Command>> = { launch, terminate, list, types, wait, firewall };
