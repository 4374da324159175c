// CPU time from /proc (in 10 ms ticks) of this process and of PostgreSQL's process tree. Linux only.
import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of one process in clock ticks. `reaped` is that of children that have exited and were waited for. */
export type ProcessTimes = { readonly parent: number; readonly own: number; readonly reaped: number };

// USER_HZ: the unit of /proc, 100 on every architecture that Node supports.
const TICKS_PER_SECOND = 100;
// Indexes of the fields after the program name, which may itself contain spaces and brackets: proc_pid_stat(5).
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

/** Ticks of a process and all its descendants, including those that have exited. */
export function ticksOfTree(root: number, processes: ReadonlyMap<number, ProcessTimes>): number {
  const times = processes.get(root);
  if (!times) return 0;
  const children = [...processes].filter(([, { parent }]) => parent === root).map(([pid]) => pid);
  return times.own + times.reaped + children.reduce((sum, child) => sum + ticksOfTree(child, processes), 0);
}

/** CPU seconds of this process without its children, plus those of PostgreSQL's process tree. */
export function cpuSeconds(postmaster: number): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + cpuSecondsOf([postmaster]);
}

/** CPU seconds of these processes and all their descendants. */
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
      // The process exited meanwhile.
    }
  }
  return found;
}
