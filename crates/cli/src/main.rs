//! The program `theriac`.

fn main() {}
