//! What is kept and cannot be true.

use super::{mirrors, record};

record! {
    /// Something that is kept and cannot be true.
    Broken {
        /// A stable code of what is broken.
        code: String,
        /// The public id of the thing.
        id: String,
        /// What is wrong with it, in words.
        message: String,
    }
    /// >>> [broken.to_dict()["code"] for broken in fleet.verify()]
    /// []
}

mirrors!(Broken of amc_fleet::Broken { code, id, message });

impl Broken {
    fn shown(&self) -> String {
        format!("<Broken {} {}>", self.id, self.code)
    }
}
