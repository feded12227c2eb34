#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod catalogue;
mod recipe;
mod world;
