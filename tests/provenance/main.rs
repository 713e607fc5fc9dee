//! What a report says about SLSA provenance: what it claims, whether the CA certified the same, and what level it has.
//!
//! The provenance here is minted as every producer writes it, truly signed and logged, and in each case exactly one thing is
//! changed. The corpus of real provenance is not part of this project: its tests look for it under `ADMISSIBLE_TEST_DATA` and
//! say so when it is not there.

mod binding;
mod controls;
mod corpus;
mod judged;
mod levels;
mod malformed;
mod places;
mod real;
mod rows;
mod rules;
