//! Facts other than the network over whole scopes.

mod clusters;
mod events;
mod keys;
mod maintenance;
mod options;
mod parameters;
