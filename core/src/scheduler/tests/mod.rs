mod debian;
mod expressions;
mod segments;
