-- Actors have aliases and affiliations, and episodes and red lines are listed: all of them are read whole, out of a log
-- that is nearly all reports. The release before finds its types in this index too.
create index events_of_reference_data on events (position) where type in (
  'RegionDefined', 'BoundaryRevised', 'ActorRegistered', 'OrganisationRegistered', 'InstrumentRegistered',
  'LensDefined', 'ModalitiesAdopted', 'AliasAdded', 'AffiliationRecorded', 'EpisodeOpened', 'EpisodeClosed',
  'RedLineDeclared', 'RedLineWithdrawn'
);

drop index events_of_registers;
