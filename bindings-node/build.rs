//! Links the Node addon.
fn main() {
    napi_build::setup();
}
