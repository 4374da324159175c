// CPU time from /proc, to the hundredth of a second: this process and PostgreSQL's whole tree. Linux only.
import { readdirSync, readFileSync } from 'node:fs';

/** Of one process, in clock ticks. `reaped` is what its children used that have ended and were waited for. */
export type ProcessTimes = { readonly parent: number; readonly own: number; readonly reaped: number };

// USER_HZ: the kernel's unit towards programs, 100 on every architecture that Node runs on.
const TICKS_PER_SECOND = 100;
// Of the fields behind the program's name, which may itself hold spaces and brackets: proc_pid_stat(5)
const PARENT_FIELD = 1;
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;
const REAPED_USER_FIELD = 13;
const REAPED_SYSTEM_FIELD = 14;

export function parseStat(text: string): ProcessTimes {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (index: number): number => Number(fields[index]);
  return {
    parent: field(PARENT_FIELD),
    own: field(USER_FIELD) + field(SYSTEM_FIELD),
    reaped: field(REAPED_USER_FIELD) + field(REAPED_SYSTEM_FIELD),
  };
}

/** Ticks of a process and all below it, those that have ended since included. */
export function ticksOfTree(root: number, processes: ReadonlyMap<number, ProcessTimes>): number {
  const times = processes.get(root);
  if (!times) return 0;
  const children = [...processes].filter(([, { parent }]) => parent === root).map(([pid]) => pid);
  return times.own + times.reaped + children.reduce((sum, child) => sum + ticksOfTree(child, processes), 0);
}

/** This process without the children it has started, and PostgreSQL with all of its own. */
export function cpuSeconds(postmaster: number): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + cpuSecondsOf([postmaster]);
}

/** Of these processes and all below them. */
export function cpuSecondsOf(roots: readonly number[]): number {
  const processes = allProcesses();
  return roots.reduce((sum, root) => sum + ticksOfTree(root, processes), 0) / TICKS_PER_SECOND;
}

function allProcesses(): ReadonlyMap<number, ProcessTimes> {
  const found = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      found.set(Number(name), parseStat(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It ended while we were looking.
    }
  }
  return found;
}
