//! The node's errors as exceptions.

use theriac_node::NodeError;

use super::Exception;
use crate::problem::Problem;

impl From<NodeError> for Exception {
    fn from(error: NodeError) -> Self {
        Problem::from(error).into()
    }
}
