//! Theriac's own paths, a file for each concept; those of EPCIS 2.0 are in [`epcis`](crate::epcis).
//!
//! | path | who may ask |
//! |---|---|
//! | `GET /`, `GET /openapi.json`, `GET /health`, `GET /verify`, `GET /trace` | anybody |
//! | `GET /verify/gtin/…`, `GET /checkConnectivity` | anybody who names a member |
//! | `POST /exchange/messages`, `GET /told` | members, by signature |
//! | `GET /01/…`, `GET /.well-known/gs1resolver` | anybody |
//! | all others | programs on the node's own machine |

pub mod alarms;
pub mod arrivals;
pub mod bundle;
pub mod captures;
pub mod cases;
pub mod events;
pub mod exchange;
pub mod files;
pub mod health;
pub mod index;
pub mod inquiries;
pub mod lightweight;
pub mod links;
pub mod master_data;
pub mod partners;
pub mod recall;
pub mod registry;
pub mod resolver;
pub mod responders;
pub mod shipments;
pub mod shipping;
pub mod verifications;
pub mod verify;
