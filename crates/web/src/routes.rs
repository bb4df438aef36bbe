//! The paths, a file for each concept.
//!
//! | path | who may ask |
//! |---|---|
//! | `GET /`, `GET /health`, `GET /verify`, `GET /trace` | anybody |
//! | `POST /exchange/shipments` | members, by signature |
//! | all others | programs on the node's own machine |

pub mod capture;
pub mod cases;
pub mod events;
pub mod exchange;
pub mod health;
pub mod index;
pub mod recall;
pub mod registry;
pub mod verify;
