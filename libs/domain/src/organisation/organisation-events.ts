// The events of a reporting organisation. Stream and key: organisation-<pseudonym>.

/** Its code and name are confidential: where few organisations work, they would identify the monitor. */
export type OrganisationRegistered = {
  readonly type: 'OrganisationRegistered';
  readonly data: { readonly organisation: string; readonly alignment: string };
};
export type OrganisationEvent = OrganisationRegistered;
