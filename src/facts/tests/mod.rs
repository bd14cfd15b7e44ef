//! Facts other than the network over whole scopes.

mod access;
mod alarms;
mod caches;
mod clusters;
mod config;
mod copies;
mod coverage;
mod denies;
mod endpoints;
mod engine;
mod events;
mod guardduty;
mod identities;
mod keys;
mod logs;
mod maintenance;
mod options;
mod organization;
mod parameters;
mod secrets;
mod sharing;
mod trails;
mod trusted;
mod usage;
mod users;
mod vaults;
