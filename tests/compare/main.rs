//! Comparisons of reports on minted bundles: each test changes one thing of a release, and the comparison must say that and nothing
//! else. Every comparison is made of reports and of their JSON, which must give the same.

mod inputs;
mod records;
mod release;
mod summary;
mod trust;
