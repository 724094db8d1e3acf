//! One binary of documented modules, all driving the real program.
