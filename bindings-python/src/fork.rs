//! A fork only at a moment when no other thread is inside SQLite.
//!
//! A child inherits SQLite's process-wide mutexes as they are, and no thread that would ever release one. So the
//! forking thread takes them all first; in the parent and in the child it then gives them back.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};

use libsqlite3_sys::{
    SQLITE_MUTEX_STATIC_MAIN, SQLITE_MUTEX_STATIC_VFS3, SQLITE_OK, sqlite3_mutex, sqlite3_mutex_alloc,
    sqlite3_mutex_leave, sqlite3_mutex_try,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The process-wide mutexes, by their numbers.
const MUTEXES: RangeInclusive<i32> = SQLITE_MUTEX_STATIC_MAIN..=SQLITE_MUTEX_STATIC_VFS3;
/// Rounds before the fork goes on without them: nothing holds one for long.
const ROUNDS: usize = 100_000;

/// Whether the forking thread holds the mutexes.
static HELD: AtomicBool = AtomicBool::new(false);

/// Has Python call us around every fork of this process, where there are forks.
pub(crate) fn watch(py: Python<'_>) -> PyResult<()> {
    let os = py.import("os")?;
    if !os.hasattr("register_at_fork")? {
        return Ok(());
    }
    let hooks = PyDict::new(py);
    hooks.set_item("before", wrap_pyfunction!(before, py)?)?;
    hooks.set_item("after_in_parent", wrap_pyfunction!(after, py)?)?;
    hooks.set_item("after_in_child", wrap_pyfunction!(after, py)?)?;
    os.call_method("register_at_fork", (), Some(&hooks)).map(drop)
}

#[pyfunction]
fn before() {
    let held = (0..ROUNDS).any(|_| take_all());
    HELD.store(held, Ordering::Relaxed);
}

#[pyfunction]
fn after() {
    if HELD.swap(false, Ordering::Relaxed) {
        MUTEXES.rev().for_each(leave);
    }
}

/// Takes every mutex, or none: waiting for one while holding another could wait for ever.
fn take_all() -> bool {
    let taken = MUTEXES.take_while(|number| try_one(*number)).count();
    let complete = taken == MUTEXES.count();
    if !complete {
        MUTEXES.take(taken).for_each(leave);
        std::thread::yield_now();
    }
    complete
}

#[expect(unsafe_code, reason = "SQLite's own interface; static mutexes live as long as the process")]
fn one(number: i32) -> *mut sqlite3_mutex {
    unsafe { sqlite3_mutex_alloc(number) }
}

#[expect(unsafe_code, reason = "SQLite's own interface; a static mutex is always valid")]
fn try_one(number: i32) -> bool {
    unsafe { sqlite3_mutex_try(one(number)) == SQLITE_OK }
}

#[expect(unsafe_code, reason = "called only for a mutex this thread has taken")]
fn leave(number: i32) {
    unsafe { sqlite3_mutex_leave(one(number)) }
}
