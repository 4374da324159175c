// What may have happened to a reporting organisation. Stream and key: organisation-<pseudonym>.

/** Its code and name are confidential: with few organisations in a place they would name the monitor. */
export type OrganisationRegistered = {
  readonly type: 'OrganisationRegistered';
  readonly data: { readonly organisation: string; readonly alignment: string };
};
export type OrganisationEvent = OrganisationRegistered;
