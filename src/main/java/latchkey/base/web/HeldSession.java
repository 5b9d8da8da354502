package latchkey.base.web;

import java.util.UUID;

/// The browser session that a cookie stands for.
///
/// @param renewal how often its user had proven who they are again when the cookie was given out; a
///   cookie of an earlier time is void
public record HeldSession(UUID id, int renewal) {}
