// Errors of backup and restore, as sentences that name the remedy.

/** Refused; neither the backup nor the database was changed. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

/** The backup was changed after it was made. Each fault is a sentence that names the file or the position. */
export class BackupDamaged extends Error {
  override readonly name = 'BackupDamaged';
  constructor(
    folder: string,
    readonly faults: readonly string[],
  ) {
    super(`The backup in ${folder} is damaged:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}
