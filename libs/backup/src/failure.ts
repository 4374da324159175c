// What a backup cannot do, as sentences with the cure.

/** Nothing was changed: neither in the backup nor in the database. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

/** The backup is not what it was when it was made. Each fault is a sentence that names the file or the position. */
export class BackupDamaged extends Error {
  override readonly name = 'BackupDamaged';
  constructor(
    folder: string,
    readonly faults: readonly string[],
  ) {
    super(`The backup in ${folder} is damaged:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}
