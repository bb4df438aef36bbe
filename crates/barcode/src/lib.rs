//! GS1 bar codes as pictures, and pictures as scans.
